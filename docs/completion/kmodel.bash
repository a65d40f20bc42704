# Completion of kmodel for bash: source it, or install it as share/bash-completion/completions/kmodel.
# Commands, options and their values are read from --help, so that there is no second list of them.

_kmodel() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(kmodel --help | awk '/^  [a-z]/ { print $1 }')" -- "$word")
        return
    fi
    case $command:$before in
    explain:explain)
        mapfile -t COMPREPLY < <(compgen -W "$(kmodel explain | awk '{ print $1 }')" -- "$word") ;;
    *:--cpu)
        mapfile -t COMPREPLY < <(compgen -W "$(kmodel targets | awk '/^[a-z]/ { print $1 }')" -- "$word") ;;
    *:--message-format)
        mapfile -t COMPREPLY < <(compgen -W "text json" -- "$word") ;;
    *:--color)
        mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$word") ;;
    *:--style)
        mapfile -t COMPREPLY < <(compgen -W "keras3 keras2" -- "$word") ;;
    *:--math)
        mapfile -t COMPREPLY < <(compgen -W "fast precise" -- "$word") ;;
    *:--emit)
        mapfile -t COMPREPLY < <(compgen -W "$(kmodel "$command" --help |
            sed -n '1s/.*--emit \([a-z|]*\).*/\1/p' | tr '|' ' ')" -- "$word") ;;
    *)
        if [[ $word == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$(kmodel "$command" --help | awk '/^  -/ { print $1 }')" -- "$word")
        else
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
        fi ;;
    esac
}
complete -F _kmodel kmodel
