# SPDX-License-Identifier: Apache-2.0
"""What has to come of each cell of the table of logins (ways.py): the first rule that fits a cell is the cell's.

A rule names servers, ways and fates (words that begin their names, "" for all), then: the exit status, the last line
(after "ERROR "; on success who we are), the lines written to the store, and the client's messages with the codes of their
answers.
"{NAME}" is the entry, "{WHY}" the server's own words.
"""

ALICE = "user alice@canonical.com, controller 6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11, access administrator"
BOT = "user ci-bot@serviceaccount, controller 6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11, access"
LOST = "connection to {NAME} lost: the connection to 127.0.0.1:PORT broke"
LOGIN_AGAIN = "log in again with: juju login -c {NAME}"
JIMM_TAUGHT = ["accounts.yaml +last-known-access: administrator", "controllers.yaml +public-hostname: jimm.example.com"]
OLD = "this version of Juju does not support login from old clients"
BAD_CLIENT = ('cannot log in to "{NAME}": it refuses the client id and secret in JUJU_CLIENT_ID and JUJU_CLIENT_SECRET '
              "(invalid client credentials)")
NO_CLIENT = f'cannot use "{{NAME}}": it knows no client credentials ({OLD})'
NO_TOKEN = f'cannot use "{{NAME}}": it is not a JAAS, it knows no session tokens ({OLD})'
NO_DEVICE = f'cannot use "{{NAME}}": it is not a JAAS, it knows no device login ({OLD})'
NOT_VALID = f'cannot log in to "{{NAME}}": the session token is no longer valid ({{WHY}}), {LOGIN_AGAIN}'
DAMAGED = ('cannot log in to "{NAME}": session token damaged or foreign ({WHY}), type: '
           "juju logout -c {NAME} && juju login -c {NAME}")
NOT_DONE = ('cannot log in to "{NAME}": the device login was not completed ({WHY}); try again, or '
            "type: juju login -c {NAME}")
NO_CODE = "failed to start device login: identity provider unreachable"

BOB = "user bob, controller 1c9f0000-0000-4000-8000-000000000001, access login"
CAROL = "user carol@example.com, controller 1c9f0000-0000-4000-8000-000000000001, access login"
PLAIN_TAUGHT = ["controllers.yaml -api-endpoints: ['127.0.0.1:PORT']",
                "controllers.yaml +api-endpoints: ['127.0.0.1:PORT', '127.0.0.9:9']",
                "controllers.yaml +public-hostname: prod.example.com"]
NEW_COOKIE = "cookies/prod-a.json +2 macaroons for 1c9f0000-0000-4000-8000-000000000001 until 2026-07-02T10:00:00Z"
A_JAAS = ('cannot log in to "{NAME}": it is a JAAS, and the client store does not say so (JIMM does not support login '
          f"from old clients), {LOGIN_AGAIN}")
REFUSED = f'cannot log in to "{{NAME}}": {{WHY}}, {LOGIN_AGAIN}'
DENIED = ["Login: unauthorized access"]
FORM, PROVED = ["POST /auth/discharge 401"], ["POST /auth/form 200", "POST /auth/discharge 200"]


class Rule:
    def __init__(self, servers, ways, fates, status, said, wrote, sent, why=""):
        self.where = (servers, ways, fates)
        self.status, self.said, self.wrote, self.sent, self.why = status, said, wrote, sent, why

    def fits(self, cell):
        names = (cell.server, cell.way, cell.fate)
        return all(any(name.startswith(one) for one in wanted.split("|")) for name, wanted in zip(names, self.where))

    def expected(self, cell):
        """Returns (status, said, wrote, sent, again, touched). Who was let in once gets in again with what was kept, by the
        last message alone, and nothing is written for it."""
        said = self.said.replace("{WHY}", self.why).replace("{NAME}", cell.entry)
        if self.status != 0:
            return self.status, f"ERROR {said}", self.wrote, self.sent, [], []
        return 0, said, self.wrote, self.sent, ["status 0", self.sent[-1]], []


RULES = [
    # A service account: its secret is of the environment, and never of the store.
    Rule("jimm", "client", "works", 0, BOT, JIMM_TAUGHT[1:], ["LoginWithClientCredentials"]),
    Rule("jimm", "client", "wrong|expired", 3, BAD_CLIENT, [], ["LoginWithClientCredentials: unauthorized access"]),
    Rule("jimm", "client", "cut", 1, LOST, [], ["LoginWithClientCredentials", "cut"]),
    # The stored token: JIMM of 2024 has one word for all that is wrong with it, later ones tell damaged from old.
    Rule("jimm", "token", "works", 0, ALICE, JIMM_TAUGHT, ["LoginWithSessionToken"]),
    Rule("jimm", "token", "expired", 3, NOT_VALID, [], ["LoginWithSessionToken: session token invalid"],
         "JIMM session token expired"),
    Rule("jimm 2024", "token", "wrong", 3, NOT_VALID, [], ["LoginWithSessionToken: session token invalid"],
         "failed to verify token signature"),
    Rule("jimm 2026", "token", "wrong", 3, DAMAGED, [], ["LoginWithSessionToken: fatal login error"],
         "failed to verify token signature"),
    Rule("jimm", "token", "cut", 1, LOST, [], ["LoginWithSessionToken", "cut"]),
    # A person, who takes longer than an idle connection lives: the token comes in the end, or nothing is written.
    Rule("jimm", "device", "works", 0, ALICE, [JIMM_TAUGHT[0], "accounts.yaml +access-token: ...", JIMM_TAUGHT[1]],
         ["LoginDevice", "GetDeviceSessionToken", "LoginWithSessionToken"]),
    Rule("jimm", "device", "wrong", 3, NOT_DONE, [], ["LoginDevice", "GetDeviceSessionToken: unauthorized access"],
         "failed to retrieve the session token: access denied"),
    Rule("jimm", "device", "expired", 3, NOT_DONE, [], ["LoginDevice", "GetDeviceSessionToken: unauthorized access"],
         'failed to retrieve the session token: oauth2: "expired_token"'),
    Rule("jimm 2024", "device", "unsupported", 3, NOT_DONE, [], ["LoginDevice: unauthorized access"], NO_CODE),
    Rule("jimm 2026", "device", "unsupported", 3, NOT_DONE, [], ["LoginDevice: fatal login error"], NO_CODE),
    Rule("jimm", "device", "cut", 1, LOST, [], ["LoginDevice", "GetDeviceSessionToken", "cut"]),
    # What is stored as a JAAS and is none is told so, whatever there was to log in with.
    Rule("jimm|juju", "client", "works|wrong|expired|unsupported", 3, NO_CLIENT, [],
         ["LoginWithClientCredentials: not supported"]),
    Rule("juju", "client", "cut", 1, LOST, [], ["LoginWithClientCredentials: not supported", "cut"]),
    Rule("jimm|juju", "token", "works|wrong|expired|unsupported", 3, NO_TOKEN, [],
         ["LoginWithSessionToken: not supported"]),
    Rule("juju", "token", "cut", 1, LOST, [], ["LoginWithSessionToken: not supported", "cut"]),
    Rule("juju", "device", "cut", 1, LOST, [], ["LoginDevice: not supported", "cut"]),
    Rule("juju", "device", "", 3, NO_DEVICE, [], ["LoginDevice: not supported"]),
    # A JAAS that the store takes for a controller of its own, perhaps by the hand of an old juju.
    Rule("jimm", "", "cut", 1, LOST, [], ["Login: not supported", "cut"]),
    Rule("jimm", "", "", 3, A_JAAS, [], ["Login: not supported"]),
    # A stored password: that it is refused is final, nothing else is tried.
    Rule("juju", "password", "works", 0, BOB, PLAIN_TAUGHT, ["Login"]),
    Rule("juju", "password", "wrong|expired", 3, REFUSED, [], DENIED, "invalid entity name or password"),
    Rule("juju", "password|macaroon|external", "cut", 1, LOST, [], ["Login", "cut"]),
    # Macaroons of the jar: once they do not do any more, a password would be needed, and nobody is there.
    Rule("juju", "macaroon", "works", 0, BOB, PLAIN_TAUGHT, ["Login"]),
    Rule("juju", "macaroon", "wrong|expired", 3, REFUSED, [], ["Login", *FORM], "its password for user bob is needed"),
    Rule("juju", "password|macaroon", "unsupported", 3, REFUSED, [], DENIED, "permission denied"),
    # A discharge with the password that a person enters: three times at most, and a second demand is the end.
    Rule("juju", "discharge", "works", 0, BOB, [*PLAIN_TAUGHT, NEW_COOKIE], ["Login", *FORM, *PROVED, "Login"]),
    Rule("juju", "discharge", "wrong", 3, REFUSED, [], ["Login", *FORM, *3 * ["POST /auth/form 500"]],
         "invalid entity name or password, 3 times"),
    Rule("juju", "discharge", "expired", 3,
         'cannot log in to "{NAME}": it does not accept what it has discharged itself (macaroon has expired)', [],
         ["Login", *FORM, *PROVED, "Login"]),
    Rule("juju", "discharge", "unsupported", 3, REFUSED, [], DENIED, "invalid entity name or password"),
    Rule("juju", "discharge", "cut", 1, "cannot log in to \"{NAME}\": the connection to 127.0.0.1:PORT broke", [],
         ["Login", *FORM, "cut"]),
    # An external user: whoever has no macaroons left has to see the identity provider, with juju's own login.
    Rule("juju", "external", "works", 0, CAROL, PLAIN_TAUGHT, ["Login"]),
    Rule("juju", "external", "wrong|expired", 3, REFUSED, [], ["Login"],
         "the stored proof of who you are is no longer valid"),
    Rule("juju 2.9", "external", "unsupported", 3, REFUSED, [], ["Login: no credentials provided"],
         "no credentials provided"),
    Rule("juju", "external", "unsupported", 3, REFUSED, [], DENIED, "failed to authenticate request: unauthorized"),
]


def rule_of(cell):
    """Returns the cell's rule, or None."""
    return next((rule for rule in RULES if rule.fits(cell)), None)
