/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Juju's version numbers: "3.6.12", "3.6.12.1", "4.1-beta2", "3.6-rc1.7".
 */
#ifndef COMMON_JUJU_VERSION_H
#define COMMON_JUJU_VERSION_H

/* Longest tag, in bytes. */
#define JUJU_VERSION_TAG_MAX 15

struct juju_version {
	unsigned int major, minor, patch, build;
	char tag[JUJU_VERSION_TAG_MAX + 1]; /* "beta" in "4.1-beta2", whose patch is 2; "" for a release */
};

/* Parses `text` (may be NULL) into `*version`. Returns 0, or -1 if it is not a version of juju; then nothing is set. */
int juju_version_parse(const char *text, struct juju_version *version);

/* Returns less than 0, 0, or more than 0, as `one` is older than, the same as, or newer than `other`. A version with a tag is older
 * than every release of the same major and minor number. */
int juju_version_compare(const struct juju_version *one, const struct juju_version *other);

/* The same for the major and minor number alone. */
int juju_version_compare_minor(const struct juju_version *one, const struct juju_version *other);

#endif
