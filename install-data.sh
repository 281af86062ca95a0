# Sourced by quickstart.sh and test.sh.

# Installs Debian's package dataset-fashion-mnist; false where that cannot be done.
install_fashion_mnist() {
    local root_rights=()
    command -v apt-get >/dev/null || return 1
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || return 1
        root_rights=(sudo)
    fi
    echo "installing the package dataset-fashion-mnist ..." >&2
    "${root_rights[@]}" apt-get install -y -q dataset-fashion-mnist >&2 </dev/null && return
    "${root_rights[@]}" apt-get update -q >&2 </dev/null && "${root_rights[@]}" apt-get install -y -q dataset-fashion-mnist >&2 </dev/null
}
