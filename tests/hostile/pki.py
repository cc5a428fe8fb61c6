# SPDX-License-Identifier: Apache-2.0
"""Certificates of every kind, also of those that nobody should accept; made by the openssl command."""

import pathlib
import subprocess

CONFIGURATION = """
[ca]
default_ca = here
[here]
database = {folder}/index
new_certs_dir = {folder}
unique_subject = no
rand_serial = yes
policy = any
[any]
commonName = supplied
[req]
distinguished_name = nobody
[nobody]
"""
CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
LEAF = "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n"
KEYS = {"ec": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa1024": ["RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        "rsa2048": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]}


def names(*listed):
    return "subjectAltName=" + ",".join(listed) + "\n"


class Certificate:
    """One certificate with its key; `pem` is its text, `chain` what a server sends along with it."""

    def __init__(self, pem, key, chain=""):
        self.pem, self.key, self.chain = pem, key, chain


class Pki:
    """Makes certificates below a folder; keys are used again, one for each part."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.configuration = self.folder / "configuration"
        self.configuration.write_text(CONFIGURATION.format(folder=self.folder), encoding="utf-8")
        (self.folder / "index").write_text("", encoding="utf-8")
        self.count = 0

    def _openssl(self, *words):
        done = subprocess.run(["openssl", *[str(word) for word in words]], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"openssl {words[0]}: {done.stderr}")

    def _key(self, part, kind):
        path = self.folder / f"{part}.{kind}.key"
        if not path.exists():
            self._openssl("genpkey", "-algorithm", *KEYS[kind], "-out", path)
        return path

    def make(self, name, extensions, issuer=None, key="ec", digest="sha256", start="20200101", end="20490101"):
        """Signed by `issuer`, or by itself; valid from and until days of the real calendar."""
        self.count += 1
        base = self.folder / str(self.count)
        request, text, out = (base.with_suffix(end) for end in (".request", ".extensions", ".pem"))
        mine = self._key(name.replace(" ", "-"), key)
        text.write_text(extensions, encoding="utf-8")
        self._openssl("req", "-new", "-config", self.configuration, "-key", mine, "-subj", f"/CN={name}", "-out",
                      request)
        signer = ["-cert", issuer.path, "-keyfile", issuer.key] if issuer else ["-selfsign", "-keyfile", mine]
        self._openssl("ca", "-batch", "-notext", "-config", self.configuration, "-in", request, "-extfile", text, "-md",
                      digest, "-startdate", f"{start}000000Z", "-enddate", f"{end}000000Z", "-out", out, *signer)
        made = Certificate(out.read_text(encoding="ascii"), mine)
        made.path = out
        return made

    def served(self, certificate, *chain):
        """Returns the path of a file with what a server shows."""
        self.count += 1
        path = self.folder / f"{self.count}.served"
        path.write_text("".join(one.pem for one in (certificate, *chain)), encoding="ascii")
        return path
