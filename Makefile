# SPDX-License-Identifier: Apache-2.0
# The same targets serve users, continuous integration and maintainers; `make help` lists them.

VERSION := 0.1.0
BUILD ?= build
SANITIZE ?=
VALGRIND ?=
V ?=
DESTDIR ?=
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
BUNDLE ?=
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
LDFLAGS ?=

# What is below it is removed by `make clean`.
ifneq ($(words $(BUILD)),1)
$(error BUILD must be one folder, without spaces in its name)
endif

comma := ,
ifeq ($(SANITIZE),)
OUT := $(BUILD)
FORTIFY = $(if $(filter -O0,$(CFLAGS)),,-U_FORTIFY_SOURCE $(or $(call known,-D_FORTIFY_SOURCE=3),-D_FORTIFY_SOURCE=2))
else
OUT := $(BUILD)/sanitize-$(subst $(comma),-,$(SANITIZE))
FORTIFY := -U_FORTIFY_SOURCE -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
# What not every compiler and processor has is asked for when the first file is compiled.
known = $(shell $(CC) -O2 -U_FORTIFY_SOURCE -Werror $(1) -include stdio.h -x c -c /dev/null -o /dev/null 2>/dev/null && echo '$(1)')
KNOWN = $(foreach flag,-fstack-clash-protection -fcf-protection=full -mbranch-protection=standard,$(call known,$(flag)))
HARDENING = $(eval HARDENING := -fstack-protector-strong -fPIE $$(KNOWN) $$(FORTIFY))$(HARDENING)
LANGUAGE := -std=c11 -D_GNU_SOURCE -DPROGRAM_VERSION=\"$(VERSION)\" -I.
COMPILE = $(CC) $(LANGUAGE) $(WARNINGS) $(HARDENING) $(CFLAGS)
LINK = $(CC) $(HARDENING) $(CFLAGS) -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code -Wl,--as-needed $(LDFLAGS)

# Asked when the first file is compiled, not before: `make deps` must work where there is no pkg-config yet.
# The headers of these packages are included as <...>; -isystem keeps our warnings out of them.
PACKAGES := libwebsockets json-c yaml-0.1 openssl
HEADERS = $(eval HEADERS := $$(patsubst -I%,-isystem%,$$(shell $$(PKG_CONFIG) --cflags $$(PACKAGES))))$(HEADERS)
LIBRARIES = $(eval LIBRARIES := $$(shell $$(PKG_CONFIG) --libs $$(PACKAGES)))$(LIBRARIES)
# The keyring helper has packages of its own, and nothing else has them.
SECRET_HEADERS = $(eval SECRET_HEADERS := $$(patsubst -I%,-isystem%,$$(shell $$(PKG_CONFIG) --cflags libsecret-1)))$(SECRET_HEADERS)
SECRET_LIBRARIES = $(eval SECRET_LIBRARIES := $$(shell $$(PKG_CONFIG) --libs libsecret-1))$(SECRET_LIBRARIES)

COMMON := $(wildcard common/*/*.c)
PLUGIN := $(wildcard plugin/*.c)
KEYRING := $(wildcard plugin/keyring/*.c)
SIM := $(wildcard tests/sim/*.c)
STORM := $(wildcard tests/storm/*.c)
STORE := $(wildcard tests/store/*.c)
BENCH := $(wildcard tests/bench/*.c)
SUPPORT := $(wildcard tests/unit/support/*.c)
UNIT := $(wildcard tests/unit/*.c)
FUZZ := $(wildcard tests/fuzz/targets/*.c)
SOURCES := tests/login/login.c tests/hostile/measure.c $(COMMON) $(PLUGIN) $(KEYRING) $(SIM) $(STORM) $(STORE) $(BENCH) $(SUPPORT) $(UNIT) \
	tests/clock/clock.c

object = $(patsubst %.c,$(OUT)/object/%.o,$(1))
# BUNDLE=1 builds and installs programs that bring their libraries along, in a folder "lib" beside each, as the snap has them.
PROGRAMS := juju-jaas-migrate keyring
BUNDLED := $(if $(filter-out 0,$(BUNDLE)),bundle/)
PROGRAM := $(OUT)/$(BUNDLED)juju-jaas-migrate
HELPER := $(OUT)/$(BUNDLED)keyring
FUZZ_PROGRAMS := $(patsubst tests/fuzz/targets/%.c,$(OUT)/fuzz/%,$(FUZZ))
UNIT_PROGRAMS := $(patsubst tests/unit/%.c,$(OUT)/test/unit/%,$(UNIT))
TEST_PROGRAMS := $(addprefix $(OUT)/test/,juju-jaas-migrate keyring server storm login store measure bench) $(UNIT_PROGRAMS)
ARCHIVES := $(addprefix $(OUT)/,libsupport.a libbench.a libsim.a libplugin.a libcommon.a)

.PHONY: all
all: $(PROGRAM) $(HELPER) ## build the program and its keyring helper (default)

.PHONY: deps
deps: ## install with apt what is missing to build and test; nothing if nothing is missing
	@CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' tests/deps install build check lint snap

# Builds come in makes of their own: what they need is there only once the first line has run.
.PHONY: demo
demo: ## build, move a model in a simulated JAAS over TLS, show it
	@CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' tests/deps install build
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet $(PROGRAM) $(OUT)/test/server
	@tests/demo '$(OUT)'

.PHONY: check
check: deps ## build, run every test; SANITIZE=address,undefined or VALGRIND=1 for the same under watch
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet tests
	@tests/check --build '$(OUT)' $(if $(filter-out 0,$(VALGRIND)),--valgrind)

.PHONY: lint
lint: deps ## format, analysers, shell scripts, layers, sizes, words
	@LINT_FLAGS='$(LANGUAGE) $(WARNINGS)' LINT_HEADERS='$(HEADERS) $(SECRET_HEADERS)' tests/lint/run

SEEDS ?= 20000
FIRST ?= 1

.PHONY: storm storm-mutants
storm: ## simulate SEEDS runs from seed FIRST on, with faults; a failing seed replays with build/test/storm --seed N --trace
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet $(OUT)/test/storm
	@$(OUT)/test/storm $(SEEDS) $(FIRST)

storm-mutants: ## plant mistakes, each of which the storm must catch
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet $(OUT)/test/storm
	@tests/storm/mutants --build $(OUT)

.PHONY: faults
faults: ## damage every message of a run, and kill the program at a hundred moments (10 minutes)
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet tests
	@BUILD='$(OUT)' tests/faults/matrix && BUILD='$(OUT)' tests/faults/killed --hasty --resume

.PHONY: hostile
hostile: ## bad certificates, strangers, abuse, every text made hostile, over real sockets; prints the tables (10 minutes)
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet tests
	@for one in tests/hostile/test_*.py; do BUILD='$(OUT)' $$one -v || exit; done
	@BUILD='$(OUT)' tests/hostile/test_text.py --all

.PHONY: matrix
matrix: ## every build of JIMM x role x versions x outcome over real sockets; prints the table (10 minutes)
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet tests
	@BUILD='$(OUT)' tests/matrix/test_matrix.py --all

.PHONY: snap
snap: ## stage what `make install` installs, check it, and pack it as a snap for the architecture of this machine
	@CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' tests/deps install build snap
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet BUNDLE=1 all
	@snap/local/pack --build '$(OUT)'

.PHONY: bench
bench: ## measure round trips, bytes, processor time, memory; beside their budgets, as a table and in build/bench.json
	@CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' tests/deps install build check
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet tests
	@$(OUT)/test/bench --json $(OUT)/bench.json $(OUT)

SECONDS ?= 60
TARGET ?=

.PHONY: fuzz
fuzz: deps ## run every fuzz target, or those of TARGET, for SECONDS; prints executions and coverage, keeps what is found
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet $(FUZZ_PROGRAMS)
	@tests/fuzz/run --programs '$(OUT)/fuzz' --seconds $(SECONDS) $(TARGET)

COVERAGE := $(BUILD)/coverage
# Without those that look at the time or at what the program costs.
COVERED := ^(unit|cases|login|store|storm|sim|keyring|complete (bash|candidates|fish|zsh)|streams|faults)
LEAST ?= 90

# The counters of earlier runs would be added to. Programs that are killed leave none.
.PHONY: coverage
coverage: deps ## run the tests that run our code, and say which lines of common/ they ran, and did not run (10 minutes)
	@+$(MAKE) $(PARALLEL) --no-print-directory --quiet BUILD='$(COVERAGE)' CFLAGS='-O0 -g --coverage' FUZZ= tests
	@find '$(COVERAGE)' -name '*.gcda' -delete
	@status=0; tests/check --build '$(COVERAGE)' --filter '$(COVERED)' || status=1; \
		tests/coverage '$(COVERAGE)' $(LEAST) && exit $$status

# Where the shells look. bash reads what serves `juju jaas-migrate` from /etc only; zsh on Debian and its like does not look into
# /usr/share/zsh/site-functions.
SYSCONFDIR ?= $(if $(filter /usr /usr/local,$(PREFIX)),/etc,$(PREFIX)/etc)
ZSH_FUNCTIONS ?= $(if $(and $(filter /usr,$(PREFIX)),$(wildcard /etc/debian_version)),vendor-completions,site-functions)
SHARE := $(DESTDIR)$(DATADIR)
PROGRAM_FILE := $(DESTDIR)$(BINDIR)/juju-jaas-migrate
HELPER_FOLDER := $(DESTDIR)$(LIBEXECDIR)/juju-jaas-migrate
HELPER_FILE := $(HELPER_FOLDER)/keyring
MANUAL_FILE := $(DESTDIR)$(MANDIR)/man1/juju-jaas-migrate.1
BASH_FILE := $(SHARE)/bash-completion/completions/juju-jaas-migrate
BASH_HOOK := $(DESTDIR)$(SYSCONFDIR)/bash_completion.d/zz-juju-jaas-migrate
ZSH_FILE := $(SHARE)/zsh/$(ZSH_FUNCTIONS)/_juju-jaas-migrate
ZSH_HOOK := $(SHARE)/zsh/$(ZSH_FUNCTIONS)/_juju_jaas_migrate_hook
FISH_FILE := $(SHARE)/fish/vendor_completions.d/juju-jaas-migrate.fish
FISH_HOOK := $(SHARE)/fish/vendor_conf.d/juju-jaas-migrate.fish
FISH_FUNCTION := $(SHARE)/fish/vendor_functions.d/__juju_jaas_migrate_candidates.fish

.PHONY: install
install: $(PROGRAM) $(HELPER) ## install the program, its helper, its manual page and what the shells complete below $(DESTDIR)$(PREFIX)
	@case "$$(realpath -ms --relative-to='$(BINDIR)' '$(LIBEXECDIR)')" in ../libexec | ../lib) ;; \
		*) echo 'the program looks for its helper in ../libexec and ../lib of its own folder: set LIBEXECDIR' >&2; exit 1 ;; esac
	install -D $(if $(BUNDLED),-s) -m 755 $(PROGRAM) '$(PROGRAM_FILE)'
	install -D $(if $(BUNDLED),-s) -m 755 $(HELPER) '$(HELPER_FILE)'
	$(if $(BUNDLED),snap/local/bundle $(PROGRAM) '$(dir $(PROGRAM_FILE))lib')
	$(if $(BUNDLED),snap/local/bundle $(HELPER) '$(HELPER_FOLDER)/lib')
	install -D -m 644 plugin/juju-jaas-migrate.1 '$(MANUAL_FILE)'
	install -D -m 644 completions/juju-jaas-migrate.bash '$(BASH_FILE)'
	install -D -m 644 completions/juju-hook.bash '$(BASH_HOOK)'
	install -D -m 644 completions/_juju-jaas-migrate '$(ZSH_FILE)'
	install -D -m 644 completions/_juju_jaas_migrate_hook '$(ZSH_HOOK)'
	install -D -m 644 completions/juju-jaas-migrate.fish '$(FISH_FILE)'
	install -D -m 644 completions/juju-hook.fish '$(FISH_HOOK)'
	install -D -m 644 completions/__juju_jaas_migrate_candidates.fish '$(FISH_FUNCTION)'

.PHONY: uninstall
uninstall: ## remove what install has put there
	rm -f '$(PROGRAM_FILE)' '$(HELPER_FILE)' '$(MANUAL_FILE)'
	rm -f '$(BASH_FILE)' '$(BASH_HOOK)' '$(ZSH_FILE)' '$(ZSH_HOOK)' '$(FISH_FILE)' '$(FISH_HOOK)' '$(FISH_FUNCTION)'
	@! test -d '$(HELPER_FOLDER)' || rmdir --ignore-fail-on-non-empty '$(HELPER_FOLDER)'

.PHONY: clean
clean: ## remove everything that was built
	rm -rf $(addprefix $(BUILD)/,object test bundle fuzz command sources lib*.a $(PROGRAMS) *.snap bench.json sanitize-* coverage)
	@! test -d $(BUILD) || rmdir --ignore-fail-on-non-empty $(BUILD)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 12
	@echo 'Variables: BUILD SANITIZE VALGRIND V CC CFLAGS LDFLAGS PKG_CONFIG SEEDS FIRST SECONDS TARGET LEAST'
	@echo '           DESTDIR PREFIX BINDIR LIBEXECDIR DATADIR MANDIR SYSCONFDIR ZSH_FUNCTIONS BUNDLE'

# Everything below builds.

# Two compilers at once, unless the caller has already said how many.
PARALLEL = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j2)

# They bring their own sanitizers: one build of them is enough.
.PHONY: tests
tests: $(if $(SANITIZE),,$(FUZZ_PROGRAMS))
tests: $(PROGRAM) $(HELPER) $(addprefix $(OUT)/bundle/,$(PROGRAMS)) $(TEST_PROGRAMS)

.PHONY: packages
packages:
	@CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' tests/deps say build

# One short line a step; V=1 shows the whole command.
step = $(if $(V),,@echo '  $(1) $(if $(filter CC,$(1)),$<,$@)'; )

# Files that change when the text they hold does: what depends on them is made again with other flags or other sources.
remember = @mkdir -p $(@D); echo '$(subst ','\'',$(1))' | cmp -s - $@ || echo '$(subst ','\'',$(1))' >$@

.PHONY: FORCE
$(OUT)/command: FORCE | packages
	$(call remember,$(COMPILE) $(LINK))

$(OUT)/sources: FORCE
	$(call remember,$(SOURCES))

$(OUT)/object/%.o: %.c $(OUT)/command | packages
	@mkdir -p $(@D)
	$(call step,CC)$(COMPILE) $(HEADERS) $(MORE_HEADERS) -MMD -MP -c $< -o $@

$(OUT)/libcommon.a: $(call object,$(COMMON))
$(OUT)/libplugin.a: $(call object,$(filter-out plugin/main.c,$(PLUGIN)))
$(OUT)/libsim.a: $(call object,$(filter-out tests/sim/main.c,$(SIM)))
$(OUT)/libbench.a: $(call object,$(filter-out tests/bench/main.c,$(BENCH)))
$(OUT)/libsupport.a: $(call object,$(SUPPORT))
$(ARCHIVES): $(OUT)/sources
	@rm -f $@
	$(call step,AR)$(AR) rcs $@ $(filter %.o,$^)

# A member of an archive is linked only when nothing before it defines what is asked for. Thus a program that brings its
# own clock, or its own remote calls, gets the rest of the library around them.
link = $(LINK) $(CARRY) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBRARIES)

# RPATH, not RUNPATH: it serves the libraries' own needs too, and no LD_LIBRARY_PATH of others comes before it.
$(OUT)/bundle/%: CARRY = -Wl,--disable-new-dtags -Wl,-rpath,'$$ORIGIN/lib'

$(OUT)/juju-jaas-migrate $(OUT)/bundle/juju-jaas-migrate: $(call object,plugin/main.c) $(OUT)/libplugin.a $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(call step,LINK)$(link) -o $@

$(call object,$(KEYRING)): MORE_HEADERS = $(SECRET_HEADERS)

$(OUT)/keyring $(OUT)/bundle/keyring: $(call object,$(KEYRING) plugin/keyring_protocol.c) $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(call step,LINK)$(LINK) $(CARRY) $(filter %.o,$^) $(filter %.a,$^) $(SECRET_LIBRARIES) -pthread -o $@

# The program under test: the same objects on a clock that the simulated JAAS drives.
$(OUT)/test/juju-jaas-migrate: $(call object,plugin/main.c tests/clock/clock.c) $(OUT)/libplugin.a $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(call step,LINK)$(link) -o $@

# Where that program looks for it.
$(OUT)/test/keyring: $(HELPER)
	@mkdir -p $(@D)
	$(call step,COPY)cp $< $@

$(OUT)/test/server: $(call object,tests/sim/main.c) $(OUT)/libsim.a $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(call step,LINK)$(link) -o $@

# One login to one entry of a store, with all that belongs to it and nothing else.
$(OUT)/test/login: $(call object,tests/login/login.c tests/clock/clock.c) $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(call step,LINK)$(link) -o $@

# What the programs of the tables of abuse are measured with.
$(OUT)/test/measure: $(call object,tests/hostile/measure.c)
	@mkdir -p $(@D)
	$(call step,LINK)$(link) -o $@

$(OUT)/test/storm: $(call object,$(STORM)) $(OUT)/libsim.a $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(call step,LINK)$(link) -o $@

$(OUT)/test/store: $(call object,$(STORE)) $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(call step,LINK)$(link) -o $@

$(OUT)/test/bench: $(call object,tests/bench/main.c) $(OUT)/libbench.a $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(call step,LINK)$(link) -lm -o $@

$(UNIT_PROGRAMS): $(OUT)/test/unit/%: $(OUT)/object/tests/unit/%.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(call step,LINK)$(link) -lcmocka -lm -o $@

# The fuzz targets: everything once more, compiled by clang with what libFuzzer looks at.
FUZZ_CC ?= $(if $(findstring ccache,$(CC)),ccache )clang
FUZZ_WATCH := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_COMPILE = $(FUZZ_CC) $(LANGUAGE) $(WARNINGS) -O1 -g1 -fno-omit-frame-pointer $(FUZZ_WATCH) -fsanitize=fuzzer-no-link
FUZZ_SUPPORT := $(wildcard tests/fuzz/*.c)
fuzz_object = $(patsubst %.c,$(OUT)/fuzz/object/%.o,$(1))

$(OUT)/fuzz/command: FORCE | packages
	$(call remember,$(FUZZ_COMPILE))

$(OUT)/fuzz/object/%.o: %.c $(OUT)/fuzz/command | packages
	@mkdir -p $(@D)
	$(call step,CC)$(FUZZ_COMPILE) $(HEADERS) -MMD -MP -c $< -o $@

$(OUT)/fuzz/libharness.a: $(call fuzz_object,$(FUZZ_SUPPORT))
$(OUT)/fuzz/libprogram.a: $(call fuzz_object,$(COMMON) $(filter-out plugin/main.c,$(PLUGIN)))
$(OUT)/fuzz/libharness.a $(OUT)/fuzz/libprogram.a: $(OUT)/sources
	@rm -f $@
	$(call step,AR)$(AR) rcs $@ $(filter %.o,$^)

$(FUZZ_PROGRAMS): $(OUT)/fuzz/%: $(OUT)/fuzz/object/tests/fuzz/targets/%.o $(OUT)/fuzz/libharness.a $(OUT)/fuzz/libprogram.a
	@mkdir -p $(@D)
	$(call step,LINK)$(FUZZ_CC) $(FUZZ_WATCH) -fsanitize=fuzzer $^ $(LIBRARIES) -o $@

.SECONDARY:
-include $(patsubst %.o,%.d,$(call fuzz_object,$(COMMON) $(PLUGIN) $(FUZZ_SUPPORT) $(FUZZ)))
-include $(patsubst %.o,%.d,$(call object,$(SOURCES)))
