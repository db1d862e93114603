using System.Buffers;
using System.Diagnostics;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>The output of a command's data: standard output, through a pager when that is a terminal.</summary>
internal sealed class Output : IDisposable
{
    private const int FlushSize = 1 << 16;

    private static readonly SearchValues<char> s_shellCharacters = SearchValues.Create("=$`'\"\\;&|()<>~");

    private readonly Stream _stream;
    private readonly Process? _pager;
    private byte[]? _heldBack;

    /// <param name="paged">Whether the output may be long enough for a pager.</param>
    public Output(bool paged)
    {
        OutputCapture? capture = OutputCapture.Current;
        IsTerminal = capture is null && !Console.IsOutputRedirected;
        _pager = paged && IsTerminal ? StartPager() : null;
        _stream = _pager?.StandardInput.BaseStream ?? capture?.Data ?? (Stream)new StandardOutput();
    }

    /// <summary>Tells whether a person sees the output, on a terminal or in a pager.</summary>
    public bool IsTerminal { get; }

    /// <summary>Gets or sets whether C++ names are shown whole to a person as well.</summary>
    public bool WantsFullNames { get; set; }

    /// <summary>Tells whether C++ names are shortened: to a person only, never to a program that reads them.</summary>
    public bool ShortensNames => IsTerminal && !WantsFullNames;

    /// <summary>Tells whether the output may have colours.</summary>
    public bool IsColoured => IsTerminal && Colours.AreWanted;

    /// <summary>Text that is yet to be written; grows until <see cref="FlushIfLarge"/> or the end.</summary>
    public Utf8Builder Text { get; } = new(FlushSize * 2);

    /// <summary>The stream itself, for output that is not text.</summary>
    public Stream Stream
    {
        get
        {
            Flush();
            return _stream;
        }
    }

    /// <summary>Writes the text out once there is much of it; to be called now and then.</summary>
    public void FlushIfLarge()
    {
        if (Text.Length >= FlushSize)
            Flush();
    }

    /// <summary>
    /// Holds the text so far, such as a header, back until something follows it: without rows there is no header,
    /// either.
    /// </summary>
    public void HoldBack()
    {
        _heldBack = Text.Written.ToArray();
        Text.Clear();
    }

    /// <summary>Tells whether nothing was written since <see cref="HoldBack"/>.</summary>
    public bool IsHeldBack => _heldBack is not null && Text.Length == 0;

    /// <summary>Writes the text out.</summary>
    public void Flush()
    {
        Write(Text.Written);
        Text.Clear();
    }

    /// <summary>Writes bytes behind the text written so far.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;

        try
        {
            if (_heldBack is { Length: > 0 } before)
                _stream.Write(before);

            _heldBack = null;
            _stream.Write(bytes);
        }
        catch (IOException) when (_pager is not null)
        {
            throw new BrokenPipeException();
        }
    }

    public void Dispose()
    {
        if (_pager is null)
            return;

        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // The pager was left before the end.
        }

        _pager.WaitForExit();
        _pager.Dispose();
    }

    /// <summary>Looks for a pager's program; what only a shell understands is believed to be there.</summary>
    private static bool IsThere(string pager)
    {
        string program = pager.Split(' ', 2)[0];
        if (program.AsSpan().IndexOfAny(s_shellCharacters) >= 0)
            return true;

        return program.Contains('/')
            ? File.Exists(program)
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Any(folder => File.Exists(Path.Combine(folder, program)));
    }

    private static Process? StartPager()
    {
        string pager =
            Environment.GetEnvironmentVariable("OSPREY_PAGER") ?? Environment.GetEnvironmentVariable("PAGER") ?? "less";
        if (pager.Length == 0 || pager == "cat")
            return null;

        if (!IsThere(pager))
        {
            Messages.Write($"osprey: note: the pager '{pager}' was not found");
            return null;
        }

        try
        {
            var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
            // As git does: a user's own settings for less come first. With these, it ends at once where all fits on
            // the screen, shows colours, and leaves what it showed.
            if (Environment.GetEnvironmentVariable("LESS") is null)
                start.Environment["LESS"] = "FRX";

            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"exec {pager}");
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
