namespace Osprey.Cli.CommandLine.Completion;

/// <summary>Scripts that make a shell ask <c>osprey complete</c>.</summary>
/// <remarks>
/// It prints a word a line, with a tab and a description behind some, and <c>:files</c> or <c>:folders</c> for what the
/// shell lists itself.
/// </remarks>
internal static class CompletionScripts
{
    // bash breaks words at = and : as well, and replaces only what stands behind the last of them.
    private const string Bash = """
        # bash completion for osprey
        _osprey() {
            local line=${COMP_LINE:0:COMP_POINT} word words=() current= broken= kind= item
            local program=${COMP_WORDS[0]}
            read -ra words <<< "$line"
            if [ -z "$line" ] || [[ $line == *[[:space:]] ]]; then words+=(''); fi
            current=${words[${#words[@]} - 1]}
            broken=${current%"${COMP_WORDS[COMP_CWORD]}"}
            case ${COMP_WORDS[COMP_CWORD]} in '=' | ':') broken=$current ;; esac
            case $current in
                --*=*) word=${current#*=} ;;
                *) word=$current ;;
            esac
            COMPREPLY=()
            while IFS= read -r item; do
                item=${item%%$'\t'*}
                case $item in
                    :files | :folders) kind=$item ;;
                    "$word"*)
                        [ "$word" = "$current" ] || item=${current%"$word"}$item
                        COMPREPLY+=("${item#"$broken"}")
                        ;;
                esac
            done < <("$program" complete -- "${words[@]:1}" 2> /dev/null)
            case $kind in
                :files) compopt -o filenames 2> /dev/null
                    while IFS= read -r item; do COMPREPLY+=("$item"); done < <(compgen -f -- "$word") ;;
                :folders) compopt -o filenames 2> /dev/null
                    while IFS= read -r item; do COMPREPLY+=("$item"); done < <(compgen -d -- "$word") ;;
            esac
            case ${#COMPREPLY[@]}${COMPREPLY[0]} in 1*:) compopt -o nospace 2> /dev/null ;; esac
        }
        complete -F _osprey osprey

        """;

    private const string Zsh = """
        #compdef osprey
        _osprey() {
            local item text description kind
            local -a described
            for item in "${(@f)$($words[1] complete -- "${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
                case $item in
                    '') ;;
                    :files | :folders) kind=$item ;;
                    *)
                        text=${item%%$'\t'*}
                        description=
                        [[ $item == *$'\t'* ]] && description=${item#*$'\t'}
                        described+=("${text//:/\\:}${description:+:$description}")
                        ;;
                esac
            done
            if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi
            (( $#described )) && _describe -t words 'osprey' described
            case $kind in
                :files) _files ;;
                :folders) _files -/ ;;
            esac
        }
        if [ "$funcstack[1]" = "_osprey" ]; then _osprey "$@"; else compdef _osprey osprey; fi

        """;

    private const string Fish = """
        # fish completion for osprey
        function __osprey_complete
            set -l current (commandline -ct)
            set -l words (commandline -opc) "$current"
            set -l front (string match -r -- '^--[^=]*=' $current)
            for item in ($words[1] complete -- $words[2..-1] 2>/dev/null)
                switch $item
                    case ':files'
                        __fish_complete_path (string replace -- "$front" '' $current)
                    case ':folders'
                        __fish_complete_directories (string replace -- "$front" '' $current)
                    case '*'
                        echo "$front$item"
                end
            end
        end
        complete -c osprey -f -a '(__osprey_complete)'

        """;

    /// <summary>Returns the script for a shell.</summary>
    /// <param name="shell">"bash", "zsh" or "fish".</param>
    public static string For(string shell) =>
        shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        };
}
