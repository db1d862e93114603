namespace Osprey.Cli.CommandLine.Editing;

/// <summary>A terminal that gives keys one by one: that of the process, or one of a test.</summary>
internal interface IKeyTerminal
{
    /// <summary>The number of columns.</summary>
    int Width { get; }

    /// <summary>Waits for a key; null when there will be no more.</summary>
    ConsoleKeyInfo? ReadKey();

    /// <summary>Writes text and control sequences.</summary>
    void Write(string text);

    /// <summary>Has keys such as Ctrl-C arrive as keys until the result is disposed.</summary>
    IDisposable TakeKeys();
}
