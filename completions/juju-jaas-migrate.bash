# bash completion for juju-jaas-migrate                                    -*- shell-script -*-
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Asks the program. Nothing that was typed, and nothing that was answered, is ever evaluated.

# Takes quotes and backslashes off $1 and expands nothing. Sets `plain`; where a quote is still open, `quote` to it; `closed` to how
# many were closed; `kept` to how much of `plain` readline leaves alone: it replaces what follows an open quote, or else what follows
# the last of its own separators.
_juju_jaas_migrate_unquote() {
	local text=$1 i char
	plain='' quote='' closed=0 kept=0
	for ((i = 0; i < ${#text}; i++)); do
		char=${text:i:1}
		if [[ $quote == "'" && $char != "'" ]]; then
			plain+=$char
		elif [[ $quote && $char == "$quote" ]]; then
			quote='' closed=$((closed + 1))
		elif [[ ! $quote && ($char == "'" || $char == '"') ]]; then
			quote=$char kept=${#plain}
		elif [[ $char == "\\" && (! $quote || ${text:i+1:1} == [\$\`\"\\]) ]]; then
			plain+=${text:i+1:1}
			i=$((i + 1))
		else
			plain+=$char
			if [[ ! $quote && $char == [:=@] && $COMP_WORDBREAKS == *"$char"* ]]; then
				# It takes "@" for the beginning of the word, the others for the end of the one before.
				[[ $char == "@" ]] && kept=$((${#plain} - 1)) || kept=${#plain}
			fi
		fi
	done
}

# Sets `quoted` to $1 as it has to stand on the line, where the quote $2 is open (or none). Fails where it cannot stand.
_juju_jaas_migrate_quote() {
	local special=$' \t\\\'"`$!#&()*;<>?[]^{}|~' text=$1 i char
	quoted=$1
	case $2 in
	"'") special="'" ;;
	'"')
		special="\"\`\$\\"
		# There the shell's history would take it, and leave a backslash before it.
		[[ $1 != *!* ]] || return 1
		;;
	esac
	[[ $text == *["$special"]* ]] || return 0
	quoted=''
	for ((i = 0; i < ${#text}; i++)); do
		char=${text:i:1}
		if [[ $special != *"$char"* ]]; then
			quoted+=$char
		elif [[ $2 == "'" ]]; then
			quoted+="'\\''"
		else
			quoted+="\\$char"
		fi
	done
}

# Prints what the program offers for the words $2..., the last of which is being typed; $1 is the command as it was typed.
_juju_jaas_migrate_ask() {
	local program=$1
	shift
	if [[ $program == */* && -x $program && ! -d $program ]]; then
		"$program" __complete "$@"
	elif type -P juju-jaas-migrate >/dev/null; then
		command juju-jaas-migrate __complete "$@"
	else
		command juju jaas-migrate __complete "$@"
	fi </dev/null 2>/dev/null
}

_juju_jaas_migrate() {
	local cur words cword plain quote closed kept quoted line i tilde=''
	local -a asked=()

	COMPREPLY=()
	_get_comp_words_by_ref -n :=@ cur words cword 2>/dev/null || return 0
	for ((i = 1; i < cword; i++)); do
		_juju_jaas_migrate_unquote "${words[i]}"
		asked+=("$plain")
	done
	_juju_jaas_migrate_unquote "$cur"
	# Where such a word begins, for readline, cannot be told.
	((closed == 0)) || return 0
	# Left to the shell only where it stood without quotes before.
	[[ $kept -gt 0 || $cur != \~/* ]] || tilde=\~
	while IFS= read -r line; do
		line=${line%%$'\t'*}
		line=${line:kept}
		_juju_jaas_migrate_quote "${line#"$tilde"}" "$quote" && COMPREPLY+=("$tilde$quoted")
	done < <(_juju_jaas_migrate_ask "${words[0]}" "${asked[@]}" "$plain")
	if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[=:/] ]]; then
		compopt -o nospace 2>/dev/null
	fi
	return 0
}

complete -F _juju_jaas_migrate juju-jaas-migrate
