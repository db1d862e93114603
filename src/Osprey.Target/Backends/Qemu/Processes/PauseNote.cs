using System.Globalization;
using Osprey.Target.Backends.Processes;

namespace Osprey.Target.Backends.Qemu.Processes;

// A guest that is paused for a moment is let run again whatever ends the program, but for SIGKILL. So who pauses one
// notes it in a file before, and the next to look at a guest that stands still knows why it does.

/// <summary>A file of the user's that says which program has paused a QEMU's guest for a while.</summary>
/// <remarks>A file that can't be written or read is done without.</remarks>
internal sealed class PauseNote(QemuProcess process)
{
    private const string Kind = "paused";
    private const int MaxSize = 100;

    private readonly string _path = QemuStateFile.Find(Kind, process);
    private bool _hasFolder;
    private bool _isOurs;

    /// <summary>Notes that this program is about to pause the guest.</summary>
    public void Take()
    {
        if (_isOurs || ProcessStat.TryRead(Environment.ProcessId) is not { } self)
            return;

        Try(() =>
        {
            if (!_hasFolder)
            {
                QemuStateFile.MakeFolder(_path);
                _hasFolder = true;
            }

            File.WriteAllText(
                _path,
                string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {self.StartTime}\n")
            );
            _isOurs = true;
        });
    }

    /// <summary>Takes back what this program noted.</summary>
    public void Drop()
    {
        if (_isOurs)
            Clear();
    }

    /// <summary>Takes back what any program noted: the guest runs.</summary>
    public void Clear()
    {
        _isOurs = false;
        Try(() => File.Delete(_path));
    }

    /// <summary>Finds a program that paused the guest and was killed before it could let it run again.</summary>
    /// <returns>Its process id; null when there is none.</returns>
    public int? FindKilled()
    {
        int? killed = null;
        Try(() =>
        {
            if (!File.Exists(_path) || new FileInfo(_path).Length > MaxSize)
                return;

            string[] words = File.ReadAllText(_path).Split(' ', StringSplitOptions.TrimEntries);
            if (
                words.Length == 2
                && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
                && !ProcessStat.IsAlive(id, start)
            )
                killed = id;
        });
        return killed;
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // What is noted helps after a kill only.
        }
    }
}
