__hp_file=.zprofile
. "$__hp_dir/rc/zsh/user.zsh"
