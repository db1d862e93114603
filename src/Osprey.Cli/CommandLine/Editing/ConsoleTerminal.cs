using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.CommandLine.Editing;

/// <summary>The terminal that the program was started from.</summary>
internal sealed class ConsoleTerminal : IKeyTerminal
{
    private const int UsualWidth = 80;

    public int Width => Terminal.Width ?? UsualWidth;

    public ConsoleKeyInfo? ReadKey()
    {
        try
        {
            return Console.ReadKey(intercept: true);
        }
        catch (InvalidOperationException)
        {
            return null; // the terminal was closed
        }
    }

    public void Write(string text) => Console.Out.Write(text);

    public IDisposable TakeKeys()
    {
        Console.TreatControlCAsInput = true;
        return new Keys();
    }

    private sealed class Keys : IDisposable
    {
        public void Dispose() => Console.TreatControlCAsInput = false;
    }
}
