using System.Globalization;
using Osprey.Binary;
using Osprey.Probes.Native;
using Osprey.Probes.Processes;

namespace Osprey.Probes.Tracing.Ptrace;

// A tracer that is killed (SIGKILL) leaves its breakpoints in the process. So what is put in is first written to a file
// of the user's, one for each traced process; it is deleted when all is out. Whoever starts next looks at the files:
// where the tracer is gone and the process still runs, it is put right.

/// <summary>A file of the user's that says what is to be undone in a process after a kill.</summary>
public sealed class ProbeJournal
{
    private const int MaxFileSize = 16 << 20;
    private const int MaxFiles = 10_000;

    private readonly string _path;

    private ProbeJournal(string path) => _path = path;

    private static string Folder => Path.Combine(UserFolders.State, "probes");

    /// <summary>Undoes what tracers that were killed have left in processes that still run.</summary>
    /// <returns>What was undone, in words for the user.</returns>
    public static IReadOnlyList<string> UndoLeft()
    {
        var done = new List<string>();
        try
        {
            if (!Directory.Exists(Folder))
                return done;

            foreach (string path in Directory.EnumerateFiles(Folder).Take(MaxFiles))
            {
                if (Left.Read(path) is not { } left || left.Tracer.IsAlive)
                    continue;

                if (left.Process.IsAlive)
                    done.Add(left.Undo());

                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ProbeException)
        {
            done.Add($"what a killed trace left in a process could not be undone: {exception.Message}");
        }

        return done;
    }

    /// <summary>Notes what will be put into a process; null when no file can be written.</summary>
    internal static ProbeJournal? Begin(TracedProcess process, InsertedSites sites, bool isGuarded)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            string path = Path.Combine(
                Folder,
                string.Create(CultureInfo.InvariantCulture, $"{process.ProcessId}-{process.StartTime}")
            );
            TracedProcess self = TracedProcess.Find(Environment.ProcessId);
            using (FileStream stream = new(path, FileMode.Create, FileAccess.Write))
            {
                using var writer = new StreamWriter(stream);
                writer.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"tracer {self.ProcessId} {self.StartTime}")
                );
                writer.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"process {process.ProcessId} {process.StartTime}")
                );
                if (isGuarded)
                    writer.WriteLine("guard");

                foreach (ulong site in sites.Sites)
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"site {site:x}"));

                foreach (ulong semaphore in sites.Semaphores)
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"semaphore {semaphore:x}"));
            }

            return new ProbeJournal(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Deletes the file: all is out.</summary>
    internal void Finish()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start finds nothing to undo there.
        }
    }

    /// <summary>The content of a file.</summary>
    private sealed record Left(
        TracedProcess Tracer,
        TracedProcess Process,
        bool IsGuarded,
        List<ulong> Sites,
        List<ulong> Semaphores
    )
    {
        public static Left? Read(string path)
        {
            TracedProcess? tracer = null;
            TracedProcess? process = null;
            bool isGuarded = false;
            var sites = new List<ulong>();
            var semaphores = new List<ulong>();
            if (new FileInfo(path).Length > MaxFileSize)
                return null;

            foreach (string line in File.ReadLines(path))
            {
                string[] words = line.Split(' ');
                switch (words)
                {
                    case ["tracer", var id, var start]:
                        tracer = ReadProcess(id, start);
                        break;
                    case ["process", var id, var start]:
                        process = ReadProcess(id, start);
                        break;
                    case ["guard"]:
                        isGuarded = true;
                        break;
                    case ["site", var address] when TryAddress(address, out ulong site):
                        sites.Add(site);
                        break;
                    case ["semaphore", var address] when TryAddress(address, out ulong semaphore):
                        semaphores.Add(semaphore);
                        break;
                }
            }

            return tracer is not null && process is not null
                ? new Left(tracer, process, isGuarded, sites, semaphores)
                : null;
        }

        public string Undo()
        {
            using ProcessMemory memory = ProcessMemory.Open(Process.ProcessId, isWritable: true);
            int sites = Sites.Count(site => InsertedSites.RemoveBreakpoint(memory, site));
            // A tracer that was killed before it had put all in has raised nothing.
            int semaphores =
                sites == Sites.Count ? Semaphores.Count(semaphore => InsertedSites.Change(memory, semaphore, -1)) : 0;
            if (IsGuarded)
                RemoveGuard(memory);

            return string.Create(
                    CultureInfo.InvariantCulture,
                    $"process {Process.ProcessId}: a trace that was killed left {sites} breakpoints and {semaphores} "
                ) + "raised semaphores behind, which were undone";
        }

        private static TracedProcess? ReadProcess(string id, string start) =>
            int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int processId)
            && ulong.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out ulong startTime)
                ? new TracedProcess(processId, startTime)
                : null;

        private static bool TryAddress(string text, out ulong address) =>
            ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);

        private unsafe void RemoveGuard(ProcessMemory memory)
        {
            if (
                TrapGuard.FindCode(Process, memory) is not { } guard
                || Process.ListThreads() is not [var thread, ..]
                || PtraceCalls.Seize(thread, follows: false) != 0
            )
                return;

            PtraceCalls.Interrupt(thread);
            int value;
            while (Libc.WaitFor(thread, &value, 0x40000000) == thread)
            {
                var status = new WaitStatus(value);
                if (!status.IsStopped)
                    return;

                if (status.Event == WaitStatus.EventStop)
                {
                    guard.Remove(thread);
                    PtraceCalls.Detach(thread);
                    return;
                }

                PtraceCalls.Continue(thread, status.Event == 0 ? status.Signal : 0);
            }
        }
    }
}
