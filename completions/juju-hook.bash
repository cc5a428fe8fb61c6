# bash completion for `juju jaas-migrate`                                  -*- shell-script -*-
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Stands before whatever completes `juju`, and hands everything to it that is not about jaas-migrate. Read when the shell starts, and
# after juju's own file if that is in the same folder.

# Sets `handler` to the function that completes the command $1, "" for none, and `settings` to the options of its rule.
_juju_jaas_migrate_rule() {
	local -a rule=()
	local i
	handler='' settings=()
	read -r -a rule < <(complete -p "$1" 2>/dev/null)
	for ((i = 1; i < ${#rule[@]}; i++)); do
		case ${rule[i]} in
		-F) handler=${rule[i + 1]} ;;
		-o) settings+=(-o "${rule[i + 1]}") ;;
		esac
	done
	case $handler in
	_minimal | _comp_complete_minimal | _juju_jaas_migrate_hook) handler='' ;;
	esac
}

# Has bash-completion read the file for the command $1.
_juju_jaas_migrate_load() {
	if declare -F _comp_load >/dev/null; then
		_comp_load "$1"
	else
		__load_completion "$1"
	fi >/dev/null 2>&1
}

# Puts the hook before the present rule for juju.
_juju_jaas_migrate_install() {
	local handler
	local -a settings
	_juju_jaas_migrate_rule juju
	_juju_jaas_migrate_juju=$handler
	complete "${settings[@]}" -F _juju_jaas_migrate_hook juju
}

# The word at $1 is jaas-migrate: makes the line look as if the program's own name had been typed, and completes that.
_juju_jaas_migrate_redirect() {
	local handler i=$1 name=juju-jaas-migrate line
	local -a settings
	_juju_jaas_migrate_rule "$name"
	if [[ ! $handler ]]; then
		_juju_jaas_migrate_load "$name"
		_juju_jaas_migrate_rule "$name"
	fi
	[[ $handler ]] || return 0
	line="$name${COMP_LINE#*jaas-migrate}"
	COMP_POINT=$((COMP_POINT + ${#line} - ${#COMP_LINE}))
	COMP_LINE=$line
	COMP_WORDS=("$name" "${COMP_WORDS[@]:i+1}")
	COMP_CWORD=$((COMP_CWORD - i))
	"$handler" "$name" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
}

_juju_jaas_migrate_hook() {
	local i=1 status=0
	while ((i < COMP_CWORD)); do
		case ${COMP_WORDS[i]} in
		-*) i=$((i + 1)) ;;
		=) i=$((i + 2)) ;;
		*) break ;;
		esac
	done
	if ((i < COMP_CWORD)) && [[ ${COMP_WORDS[i]} == jaas-migrate ]]; then
		_juju_jaas_migrate_redirect "$i"
		return
	fi
	if [[ ! $_juju_jaas_migrate_juju && ! $_juju_jaas_migrate_looked ]]; then
		_juju_jaas_migrate_looked=1
		# As long as there is a rule, no file is read.
		complete -r juju
		_juju_jaas_migrate_load juju
		_juju_jaas_migrate_install
	fi
	if [[ $_juju_jaas_migrate_juju ]]; then
		"$_juju_jaas_migrate_juju" "$@"
		status=$?
	else
		compopt -o default 2>/dev/null
	fi
	if ((i == COMP_CWORD)) && [[ jaas-migrate == "${COMP_WORDS[i]}"* ]]; then
		COMPREPLY+=(jaas-migrate)
	fi
	return "$status"
}

_juju_jaas_migrate_looked=''
_juju_jaas_migrate_install
