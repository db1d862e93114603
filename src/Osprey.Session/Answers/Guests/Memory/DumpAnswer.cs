using Osprey.Binary;
using Osprey.Session.Guests;
using Osprey.Session.Traces;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;

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
    /// <param name="hasVirtualSegments">Whether memory is named by virtual address, too.</param>
    /// <param name="context">Told the bytes written so far; ends the writing.</param>
    /// <exception cref="IOException">The file can't be written; what was there stays.</exception>
    /// <exception cref="TargetException">
    /// The guest can't be read; or virtual segments are wanted, and its page tables are not known or paging is off.
    /// </exception>
    public static DumpAnswer Write(
        GuestSession session,
        string path,
        bool pauses,
        bool hasVirtualSegments,
        QuestionContext context
    )
    {
        CoreWriteOptions options = new()
        {
            Kernel = FindKernelSpace(session),
            Paging = hasVirtualSegments ? session.Os.GetKernelSpace(session.Selected.Space) : null,
            Programs = ListPrograms(session),
        };
        if (options.Paging is { Paging.Mode: X64PagingMode.None })
            throw new TargetException(
                $"{session.Target.Name}: paging is off, so there are no virtual segments to write"
            );

        using ReplacedFile file = ReplacedFile.Create(path, inputs: []);
        CoreWriteResult written;
        using (pauses ? session.Target.Pause() : null)
        {
            written = CoreWriter.Write(
                session.Target,
                file.Handle,
                state => context.Progress?.Report((long)state.Done),
                options,
                context.Cancellation
            );
        }

        file.Finish();
        return new DumpAnswer(path, written);
    }

    /// <summary>The address space that has all of the kernel; null when no page tables are known.</summary>
    private static AddressSpace? FindKernelSpace(GuestSession session)
    {
        try
        {
            return session.Os.GetKernelSpace(session.Selected.Space);
        }
        catch (Exception exception) when (exception is TargetException or BadDataException)
        {
            return null;
        }
    }

    /// <summary>
    /// The programs whose files are known. Where nobody named one, a guest whose kernel can't be looked for, such as
    /// one without registers, is dumped all the same.
    /// </summary>
    private static IReadOnlyList<CoreProgram> ListPrograms(GuestSession session)
    {
        try
        {
            return session.Programs.ListForCore();
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.PageTablesUnknown)
        {
            return [];
        }
    }
}
