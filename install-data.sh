# Sourced by quickstart.sh and test.sh.

fashion_mnist=/usr/share/datasets/fashion-mnist

# Installs packages of Debian, with sudo where that is needed.
install_packages() {
    command -v apt-get >/dev/null || return 1
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q)
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || return 1
        apt=(sudo "${apt[@]}")
    fi
    echo "installing $* ..." >&2
    if ! "${apt[@]}" install -y --no-install-recommends "$@" </dev/null >&2; then
        # The lists of packages may be missing or old.
        { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; } </dev/null >&2 || return 1
    fi
}

# Makes sure that the text of the King James Bible is there, from Debian's packages; false where that cannot be done.
ensure_king_james() {
    ! command -v bible >/dev/null || return 0
    install_packages bible-kjv bible-kjv-text || return 1
    command -v bible >/dev/null
}

# Makes sure that the images of Fashion-MNIST are there, from Debian's package; false where that cannot be done.
ensure_fashion_mnist() {
    [[ ! -e $fashion_mnist ]] || return 0
    install_packages dataset-fashion-mnist || return 1
    [[ -e $fashion_mnist ]]
}
