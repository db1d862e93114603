using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Symbols;

namespace Osprey.Session.Traces.Names;

/// <summary>
/// Names from GNU addr2line, for output that must equal the reference's, which asks that program.
/// </summary>
/// <remarks>
/// addr2line names some inlined and static functions otherwise than their debug info does, and not the same in every
/// version; only the program itself gives the same text.
/// </remarks>
internal sealed partial class Addr2LineProcess : ISymbolSource, IDisposable
{
    private const string InlinePrefix = " (inlined by) ";

    private readonly Process _process;
    private readonly bool _withInlines;
    private readonly ISymbolSource _fallback;

    private Addr2LineProcess(Process process, bool withInlines, ISymbolSource fallback)
    {
        _process = process;
        _withInlines = withInlines;
        _fallback = fallback;
    }

    /// <summary>Starts the program.</summary>
    /// <param name="elf">The ELF file.</param>
    /// <param name="withInlines">Whether inlined functions are wanted.</param>
    /// <param name="fallback">Asked for addresses that the program does not know.</param>
    /// <returns>Null when there is no such program.</returns>
    public static Addr2LineProcess? TryStart(string elf, bool withInlines, ISymbolSource fallback)
    {
        var start = new ProcessStartInfo("addr2line") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in new[] { "-e", elf, withInlines ? "-Cfpi" : "-Cfp" })
            start.ArgumentList.Add(argument);

        try
        {
            return Process.Start(start) is Process process
                ? new Addr2LineProcess(process, withInlines, fallback)
                : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        // With inlines an answer has as many lines as there are frames: address 0, of which nothing is known, ends it.
        _process.StandardInput.Write(_withInlines ? $"0x{address:x}\n0\n" : $"0x{address:x}\n");
        _process.StandardInput.Flush();
        bool isKnown = TryParse(address, ReadLine(), frames);
        if (_withInlines)
        {
            string line = ReadLine();
            for (; line.StartsWith(InlinePrefix, StringComparison.Ordinal); line = ReadLine())
                isKnown |= TryParse(address, line[InlinePrefix.Length..], frames);

            IsUnknown(line);
        }

        return isKnown || _fallback.TryResolve(address, frames);
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        _process.WaitForExit(2000);
        _process.Dispose();
    }

    private bool TryParse(ulong address, string line, List<SymbolFrame> frames)
    {
        if (IsUnknown(line))
            return false;

        Match match = AnswerPattern().Match(line);
        if (!match.Success)
            throw new IOException($"addr2line answered '{line}', which is not of the form NAME at FILE:LINE");

        int? number = int.TryParse(
            match.Groups["line"].Value,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int found
        )
            ? found
            : null;
        frames.Add(new SymbolFrame(address, match.Groups["name"].Value, match.Groups["file"].Value, number));
        return true;
    }

    /// <summary>Tells whether a line says that nothing is known; old versions use two lines for that.</summary>
    private bool IsUnknown(string line) => line == "?? ??:0" || (line == "??" && ReadLine() == "??:0");

    private string ReadLine() =>
        _process.StandardOutput.ReadLine() ?? throw new IOException("addr2line ended before it had answered");

    [GeneratedRegex(@"^(?<name>.*) at (?<file>.*?):(?:(?<line>\d+)|\?+)")]
    private static partial Regex AnswerPattern();
}
