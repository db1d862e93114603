using Osprey.Session.Guests;
using Osprey.Target.Backends.CoreFile;

namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>The content that was written to a core file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Written">What it holds.</param>
public sealed record DumpAnswer(string Path, CoreWriteResult Written)
{
    /// <summary>The columns.</summary>
    public static Shape<DumpAnswer> Shape { get; } =
        new Shape<DumpAnswer>("dumps")
            .Text("file", answer => answer.Path)
            .Size("memory", answer => answer.Written.MemoryBytes)
            .Size("zero", answer => answer.Written.ZeroBytes)
            .Size("unreadable", answer => answer.Written.UnreadableBytes)
            .Integer("vcpus", answer => answer.Written.Cpus);

    /// <summary>Writes a guest's memory and registers to a core file.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="path">The file.</param>
    /// <param name="pauses">Whether a live guest is paused meanwhile.</param>
    /// <param name="context">Told the bytes written so far; ends the writing.</param>
    public static DumpAnswer Write(GuestSession session, string path, bool pauses, QuestionContext context)
    {
        using (pauses ? session.Target.Pause() : null)
        {
            return new DumpAnswer(
                path,
                CoreWriter.Write(
                    session.Target,
                    path,
                    state => context.Progress?.Report((long)state.Done),
                    context.Cancellation
                )
            );
        }
    }
}
