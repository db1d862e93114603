using System.Text.Json;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Target.Backends.Qemu.Block;

// QEMU tells nobody which breakpoints a blkdebug filter has, and a killed program can't take its own back. So each
// filter and breakpoint is noted in a file before it is put into QEMU, and again when it is out. The file is read and
// written under a lock for every note: several programs may be at one QEMU, one after the other or at once.

/// <summary>
/// A file of the user's with the filters and breakpoints that Osprey put into one QEMU's block graph.
/// </summary>
/// <param name="path">The file; none is made before something is noted.</param>
internal sealed class BlockJournal(string path)
{
    private const int MaxSize = 1 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(10);

    /// <summary>The journal of a QEMU.</summary>
    public static BlockJournal Of(QemuProcess process) => new(QemuStateFile.Find("block", process));

    /// <summary>Reads what is noted.</summary>
    /// <exception cref="IOException">It is there and can't be read.</exception>
    public BlockJournalState Read()
    {
        if (!File.Exists(path))
            return BlockJournalState.Empty;

        using FileStream file = Open(FileMode.OpenOrCreate);
        return Read(file);
    }

    /// <summary>Changes what is noted.</summary>
    /// <exception cref="IOException">
    /// It can't be written: then nothing may be put into QEMU, as nobody could take it back after a kill.
    /// </exception>
    public void Change(Func<BlockJournalState, BlockJournalState> change)
    {
        QemuStateFile.MakeFolder(path);
        using FileStream file = Open(FileMode.OpenOrCreate);
        BlockJournalState changed = change(Read(file));
        byte[] bytes = changed.IsEmpty ? [] : changed.ToJson(); // deleting it would be a race with others
        file.Position = 0;
        file.Write(bytes);
        file.SetLength(bytes.Length);
        file.Flush();
    }

    private BlockJournalState Read(FileStream file)
    {
        if (file.Length == 0)
            return BlockJournalState.Empty;

        if (file.Length > MaxSize)
            throw new IOException($"{path} is over {MaxSize} bytes: it is no journal of this program");

        try
        {
            using JsonDocument document = JsonDocument.Parse(file);
            return BlockJournalState.Parse(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new IOException($"{path} is damaged: {exception.Message}", exception);
        }
    }

    private FileStream Open(FileMode mode)
    {
        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 - start < s_patience.TotalMilliseconds)
            {
                Thread.Sleep(s_slice); // another program is at it
            }
        }
    }
}
