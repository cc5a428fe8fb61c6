# SPDX-License-Identifier: Apache-2.0
# Asks the program. Nothing that was typed, and nothing that was answered, is ever evaluated.

function __juju_jaas_migrate_candidates --argument-names command \
    --description 'Candidates for the end of a line that begins with juju-jaas-migrate, or with juju jaas-migrate'
    set -l words (commandline -opc)
    set -e words[1]
    if test "$command" = juju
        while set -q words[1]; and string match -q -- '-*' $words[1]
            set -e words[1]
        end
        set -e words[1]
    end
    set -l typed (commandline -ct)
    set -l plain (string unescape -- "$typed"; or string unescape -- "$typed'"; or string unescape -- "$typed\"")
    if command -q juju-jaas-migrate
        command juju-jaas-migrate __complete $words "$plain" 2>/dev/null </dev/null
    else
        command juju jaas-migrate __complete $words "$plain" 2>/dev/null </dev/null
    end
end
