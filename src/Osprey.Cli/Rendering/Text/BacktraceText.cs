using Osprey.Traces.Analyses;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Writes backtraces in listings, each distinct one composed once. For one thread at a time.</summary>
/// <param name="symbols">Names the frames; shared by all writers, which lock it.</param>
/// <param name="isMultiline">Whether each frame gets a line of its own.</param>
/// <param name="isShort">Whether C++ names are shortened.</param>
internal sealed class BacktraceText(StackSymbols symbols, bool isMultiline, bool isShort = false)
{
    private readonly StackTable _stacks = new();
    private readonly List<byte[]> _texts = [];

    /// <summary>Writes a backtrace, with what separates it from the text before; nothing for an empty one.</summary>
    public void Append(Utf8Builder text, ReadOnlySpan<ulong> returnAddresses)
    {
        if (returnAddresses.IsEmpty)
            return;

        int stack = _stacks.Intern(returnAddresses);
        if (stack == _texts.Count)
            _texts.Add(Compose(returnAddresses));

        text.Append(_texts[stack]);
    }

    private byte[] Compose(ReadOnlySpan<ulong> returnAddresses)
    {
        string[] frames;
        lock (symbols)
            frames = symbols.Compose(symbols.Resolve(returnAddresses).WithoutTracepoint());

        if (frames.Length == 0)
            return [];

        if (isShort)
            frames = Array.ConvertAll(frames, ShortNames.Shorten);

        string joined = isMultiline
            ? "\n  " + string.Join("\n  ", frames) + "\n"
            : "   [" + string.Join(", ", frames) + "]";
        return System.Text.Encoding.UTF8.GetBytes(joined);
    }
}
