__hp_file=.zlogin
. "$__hp_dir/rc/zsh/user.zsh"
. "$__hp_dir/rc/zsh/last.zsh"
