using System.Globalization;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Execution;

namespace Osprey.Session.Guests;

// Breakpoints live in QEMU. A program that ends takes its own out, but one that is killed (SIGKILL) can't, and the stub
// has no packet that lists them. So each is noted in a file before it is inserted, and again when it is out. A stub
// serves one program at a time: whoever is connected knows that all that is noted by others was left.

/// <summary>A file of the user's with the breakpoints that are in one QEMU, for whoever comes after a kill.</summary>
internal sealed class BreakpointJournal
{
    private const int MaxSize = 64 << 20;

    private readonly string _path;
    private readonly HashSet<Breakpoint> _inside;
    private readonly HashSet<Breakpoint> _left;
    private bool _hasFolder;
    private bool _isBroken;

    private BreakpointJournal(string path)
    {
        _path = path;
        _left = Read(path);
        _inside = [.. _left];
    }

    /// <summary>The breakpoints that were left by a program that was killed.</summary>
    public IReadOnlyCollection<Breakpoint> Left => _left;

    /// <summary>Opens the journal of a QEMU. Nothing is written before a breakpoint is inserted.</summary>
    public static BreakpointJournal Open(QemuProcess process) => new(QemuStateFile.Find("breakpoints", process));

    /// <summary>
    /// Notes that a breakpoint will be inserted, or is out. A file that can't be written is done without.
    /// </summary>
    public void Note(Breakpoint breakpoint, bool isInserted)
    {
        if (isInserted ? !_inside.Add(breakpoint) : !_inside.Remove(breakpoint))
            return;

        try
        {
            if (_inside.Count == 0)
            {
                File.Delete(_path);
            }
            else if (!_isBroken)
            {
                Write(breakpoint, isInserted);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            _isBroken = true;
        }
    }

    private void Write(Breakpoint breakpoint, bool isInserted)
    {
        if (!_hasFolder)
        {
            QemuStateFile.MakeFolder(_path);
            _hasFolder = true;
        }

        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{(isInserted ? '+' : '-')} {(int)breakpoint.Kind} {breakpoint.Address:x} {breakpoint.Size}\n"
        );
        File.AppendAllText(_path, line);
    }

    private static HashSet<Breakpoint> Read(string path)
    {
        var left = new HashSet<Breakpoint>();
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > MaxSize)
                return left;

            foreach (string line in File.ReadLines(path))
            {
                string[] words = line.Split(' ');
                if (
                    words.Length != 4
                    || !Enum.TryParse(words[1], out BreakpointKind kind)
                    || !Enum.IsDefined(kind)
                    || !ulong.TryParse(words[2], NumberStyles.AllowHexSpecifier, null, out ulong address)
                    || !int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                )
                    continue;

                var breakpoint = new Breakpoint(kind, address, size);
                if (words[0] == "+")
                    left.Add(breakpoint);
                else
                    left.Remove(breakpoint);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            left.Clear();
        }

        return left;
    }
}
