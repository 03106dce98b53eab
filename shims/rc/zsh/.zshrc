__hp_file=.zshrc
. "$__hp_dir/rc/zsh/user.zsh"
[[ -o login ]] || . "$__hp_dir/rc/zsh/last.zsh"
