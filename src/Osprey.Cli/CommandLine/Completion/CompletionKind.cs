namespace Osprey.Cli.CommandLine.Completion;

/// <summary>The kind of word that is being typed.</summary>
internal enum CompletionKind
{
    /// <summary>A command, an option, or one of an option's values.</summary>
    Word,

    /// <summary>The name of a guest of this host.</summary>
    Guests,

    /// <summary>A tracepoint of the trace that the command line names.</summary>
    Tracepoints,

    /// <summary>A command as an argument of another one.</summary>
    Commands,
}
