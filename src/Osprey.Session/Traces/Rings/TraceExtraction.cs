using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Osprey.Session.Answers;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Rings;

namespace Osprey.Session.Traces.Rings;

/// <summary>
/// Writes what a guest's rings hold to a file that can be analysed without the guest and its ELF files.
/// </summary>
public static class TraceExtraction
{
    /// <summary>Small enough that few buffers are needed, which stay in the processor's cache.</summary>
    private const int PieceSize = 1 << 18;

    /// <summary>Writes the file.</summary>
    /// <param name="session">The guest. It is not paused.</param>
    /// <param name="file">An empty file; stays open.</param>
    /// <param name="path">The file's name, for the result.</param>
    /// <param name="context">Ends the work early.</param>
    /// <exception cref="TargetException">
    /// The guest can't be read, has no tracepoints, or has recorded nothing.
    /// </exception>
    public static ExtractionResult Run(
        GuestSession session,
        SafeFileHandle file,
        string path,
        QuestionContext? context = null
    )
    {
        CancellationToken cancellation = context?.Cancellation ?? CancellationToken.None;
        GuestRings rings = GuestRings.Of(session, startsAtNewest: false, cancellation);
        rings.RequireAllocated();

        // The rings come first: the guest writes on, and later there would be less in them.
        RecordingWriter writer = Begin(session, rings, file, "extract");
        var names = new RingNames(session.Symbols, rings.Tracepoints, rings.Layout);
        var cpus = new RecordedCpus();
        var follower = new RingFollower(rings) { PieceSize = PieceSize };
        RingPiece Take(RingPiece piece)
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Add(piece);
            cpus.Add(piece);
            names.Add(piece);
            return piece;
        }

        follower.ReadRound(Take, isFlush: true);
        follower.Finish(Take);
        writer.Add(ListModules(session));
        names.Write(writer);
        writer.Commit();
        return new ExtractionResult(path, writer.Length, cpus.All, names.Count, names.NamedCount, rings.Defects);
    }

    /// <summary>Begins a file: facts, tracepoints, and each CPU's place in it.</summary>
    internal static RecordingWriter Begin(GuestSession session, GuestRings rings, SafeFileHandle file, string method)
    {
        var writer = new RecordingWriter(file, Describe(session, rings, method), rings.Tracepoints.All, rings.Layout);
        foreach (RingReader reader in rings.Readers)
            writer.AddCpu(reader.Place);

        return writer;
    }

    /// <summary>Gives the facts for a file.</summary>
    internal static RecordingFacts Describe(GuestSession session, GuestRings rings, string method) =>
        new(
            session.Identity.Description,
            session.Description,
            DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            method,
            rings.CpuCount
        );

    /// <summary>Lists the guest's programs as its own dumps do, the kernel first.</summary>
    internal static IReadOnlyCollection<OsvtModule> ListModules(GuestSession session)
    {
        // As in the guest's own dumps, the kernel has no path.
        ulong start = session.Programs.Kernel?.Start ?? session.Identity.KernelAddress;
        ulong end = session.Programs.Kernel?.End ?? start;
        var modules = new List<OsvtModule> { new("", start, end - start, []) };
        try
        {
            foreach (ModuleFile file in session.ListModules())
                modules.Add(new OsvtModule(file.Loaded.Path, file.Loaded.Base, file.Loaded.End - file.Loaded.Base, []));
        }
        catch (TargetException)
        {
            // A kernel that loads nothing, or whose list is damaged: the trace is whole without.
        }

        return modules;
    }
}
