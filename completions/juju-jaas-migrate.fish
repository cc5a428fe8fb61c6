# SPDX-License-Identifier: Apache-2.0
complete -c juju-jaas-migrate -f -a '(__juju_jaas_migrate_candidates)'
