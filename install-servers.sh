# Sourced by test.sh.

# Makes sure that the servers that tests start are there: redis-server from Debian, Azurite from npm into .tools; false where that cannot be done.
ensure_servers() {
    local azurite=3.37.0 missing=()
    command -v redis-server >/dev/null || missing+=(redis-server)
    command -v npm >/dev/null || missing+=(nodejs npm)
    if ((${#missing[@]} > 0)); then
        install_packages "${missing[@]}" || return 1
        # Tests start servers of their own.
        if [[ " ${missing[*]} " == *" redis-server "* ]]; then
            service redis-server stop >/dev/null 2>&1 || true
        fi
    fi
    if [[ ! -x .tools/node_modules/.bin/azurite-blob ]]; then
        echo "installing azurite $azurite ..." >&2
        npm install --prefix .tools --no-fund --no-audit --no-package-lock --loglevel error "azurite@$azurite" </dev/null >&2 || return 1
    fi
    command -v redis-server >/dev/null && [[ -x .tools/node_modules/.bin/azurite-blob ]]
}
