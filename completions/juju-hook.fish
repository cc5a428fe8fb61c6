# SPDX-License-Identifier: Apache-2.0
# `juju jaas-migrate`, beside whatever else completes `juju`. Read when the shell starts: fish would look for it in a file of
# juju's name only.

function __juju_jaas_migrate_subcommand --description 'Tests whether the subcommand on the line, "" for none yet, is $argv'
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]; and string match -q -- '-*' $words[1]
        set -e words[1]
    end
    test "$words[1]" = "$argv"
end

complete -c juju -n "__juju_jaas_migrate_subcommand ''" -f -a jaas-migrate -d 'Move models inside a JAAS'
complete -c juju -n '__juju_jaas_migrate_subcommand jaas-migrate' -f -a '(__juju_jaas_migrate_candidates juju)'
