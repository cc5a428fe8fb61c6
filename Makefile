# SPDX-License-Identifier: Apache-2.0
# The same targets serve users, continuous integration and maintainers; `make help` lists them.

VERSION := 0.1.0
BUILD ?= build
SANITIZE ?=
PREFIX ?= /usr/local
PYTHON ?= python3

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
ifneq ($(SANITIZE),)
BUILD := $(BUILD)/sanitize
INSTRUMENT := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DPROGRAM_VERSION='"$(VERSION)"' -I. $(WARNINGS) $(INSTRUMENT) $(CFLAGS)
# The headers of these packages are included as <...>; -isystem keeps our warnings out of them.
PACKAGES := libwebsockets json-c yaml-0.1 openssl
PKG_CONFIG ?= pkg-config
LIBRARIES = $(shell $(PKG_CONFIG) --libs $(PACKAGES))
HEADERS = $(patsubst -I%,-isystem%,$(shell $(PKG_CONFIG) --cflags $(PACKAGES)))

COMMON := $(filter-out common/base/clock.c,$(wildcard common/*/*.c))
PLUGIN := $(wildcard plugin/*.c)
SIM := $(wildcard tests/sim/*.c)
UNIT := $(wildcard tests/unit/*.c)

object = $(patsubst %.c,$(BUILD)/object/%.o,$(1))
UNIT_PROGRAMS := $(patsubst tests/unit/%.c,$(BUILD)/test/unit/%,$(UNIT))

.PHONY: all
all: $(BUILD)/juju-jaas-migrate

$(BUILD)/object/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(HEADERS) -MMD -MP -c $< -o $@

$(BUILD)/libcommon.a: $(call object,$(COMMON))
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/juju-jaas-migrate: $(call object,$(PLUGIN) common/base/clock.c) $(BUILD)/libcommon.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBRARIES) -o $@

# The program under test: the same objects on a clock that the simulated JAAS drives.
$(BUILD)/test/juju-jaas-migrate: $(call object,$(PLUGIN) tests/clock/clock.c) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBRARIES) -o $@

$(BUILD)/test/server: $(call object,$(SIM) common/base/clock.c) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBRARIES) -o $@

# Unit tests may use the simulated JAAS too, but not its main program.
$(BUILD)/test/unit/%: $(BUILD)/object/tests/unit/%.o $(call object,$(filter-out tests/sim/main.c,$(SIM)) common/base/clock.c $(filter-out plugin/main.c,$(PLUGIN))) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBRARIES) -lcmocka -o $@

.PHONY: unit
unit: $(UNIT_PROGRAMS)
	@for program in $^; do $$program || exit 1; done

.PHONY: clean
clean:
	rm -rf build

.SECONDARY:
-include $(shell find $(BUILD)/object -name '*.d' 2>/dev/null)
