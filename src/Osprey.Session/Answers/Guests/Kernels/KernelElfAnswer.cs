using Osprey.Session.Guests;
using Osprey.Session.Guests.Programs;
using Osprey.Session.Traces;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Kernels;

/// <summary>The content that was written to an ELF file of a kernel in memory.</summary>
/// <param name="Path">The file.</param>
/// <param name="Written">What it holds.</param>
public sealed record KernelElfAnswer(string Path, KernelElf Written)
{
    /// <summary>The columns.</summary>
    public static Shape<KernelElfAnswer> Shape { get; } =
        new Shape<KernelElfAnswer>("files")
            .Text("file", answer => answer.Path)
            .Integer("symbols", answer => answer.Written.SymbolCount)
            .Size("frame info", answer => (ulong)answer.Written.FrameInfoSize)
            .Size("unreadable", answer => answer.Written.Unreadable);

    /// <summary>Writes the file.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="path">The file; when writing fails, none is left.</param>
    /// <param name="withCode">Whether code and constants are copied into it.</param>
    /// <param name="context">Ends the writing.</param>
    /// <exception cref="TargetException">
    /// The kernel's file is here, or nothing is known of it; or the guest can't be reached.
    /// </exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static KernelElfAnswer Write(GuestSession session, string path, bool withCode, QuestionContext context)
    {
        KernelElf elf =
            KernelElf.Create(session, withCode)
            ?? throw (
                session.Programs.Kernel is { } kernel
                    ? new TargetException(TargetProblem.NotSupported, $"the kernel's own file is here: {kernel.Path}")
                    : new TargetException(
                        TargetProblem.KernelUnknown,
                        "no symbol table of the guest's kernel was found in memory"
                    )
            );
        using (ReplacedFile file = ReplacedFile.Create(path, inputs: []))
        {
            elf.Write(file.Stream, context.Cancellation);
            file.Finish();
        }

        return new KernelElfAnswer(path, elf);
    }
}
