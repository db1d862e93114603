using Osprey.Target.Unwinding;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Unwinding;

/// <summary>Stacks of real programs, with gdb to say what is right.</summary>
public sealed class GdbUnwindTests : IDisposable
{
    private static readonly string[] s_modes =
    [
        "recursion",
        "inlining",
        "dynamic",
        "aligned",
        "noreturn",
        "tail",
        "callback",
        "signal",
        "altstack",
        "unwinding",
        "null",
        "expression",
        "interrupt",
        "value",
        "registers",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void Gcc_Optimised_AgreesWithGdbAtEachStep() => Check("g++", "-O2 -gdwarf-5", 400);

    [ToolTheory("g++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("-O0 -gdwarf-4 -fno-omit-frame-pointer")]
    [InlineData("-O2 -gdwarf-4 -fno-omit-frame-pointer -no-pie")]
    [InlineData("-O0 -gdwarf-5 -fomit-frame-pointer")]
    [InlineData("-O3 -gdwarf-5 -fcf-protection -fno-plt")]
    [InlineData("-Os -g -fno-dwarf2-cfi-asm -Wl,--no-eh-frame-hdr -static")]
    public void Gcc_Options_AgreesWithGdb(string options) => Check("g++", options, 0);

    [ToolTheory("clang++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("-O0 -gdwarf-4")]
    [InlineData("-O2 -gdwarf-5")]
    [InlineData("-O2 -gdwarf-4 -fno-omit-frame-pointer")]
    public void Clang_Options_AgreesWithGdb(string options) => Check("clang++", options, 0);

    [ToolTheory("g++", "gdb", "objcopy")]
    [Trait("Category", "Slow")]
    [InlineData("-O0")]
    [InlineData("-O2")]
    public void NoFrameInformation_FramePointers_GiveWhatGdbHasFromIt(string level)
    {
        string program = Build("g++", level + " -g -fno-omit-frame-pointer");
        string bare = program + ".bare";
        Tools.Run("objcopy", ["-R", ".eh_frame", "-R", ".eh_frame_hdr", "-R", ".debug_frame", program, bare]);
        var comparison = new GdbComparison(_folder, program);
        string[] modes = ["recursion", "inlining", "dynamic", "noreturn", "tail", "null"];
        comparison.Run(modes, 0);

        foreach (string mode in modes)
        {
            Backtrace trace = comparison.CompareCore(mode, bare);
            Assert.Contains(trace.Frames, frame => frame.Origin == FrameOrigin.FramePointer);
            Assert.Contains(
                trace.Notes,
                note => note.EndsWith("and on: found by frame pointers, less certain", StringComparison.Ordinal)
            );
        }
    }

    private void Check(string compiler, string options, int steps)
    {
        var comparison = new GdbComparison(_folder, Build(compiler, options));
        comparison.Run(s_modes, steps);
        foreach (string mode in s_modes)
        {
            Backtrace trace = comparison.CompareCore(mode);
            Assert.Equal(BacktraceEndKind.Outermost, trace.End.Kind);
        }

        if (steps > 0)
        {
            Assert.Equal(steps, comparison.CompareSteps(s_modes[0]));
            Assert.InRange(comparison.UnwindChanged("callback", 2_000), 50, 2_000);
            Assert.InRange(comparison.UnwindChanged("altstack", 2_000), 50, 2_000);
        }

        Assert.InRange(comparison.FrameCount, 150, int.MaxValue);
    }

    private string Build(string compiler, string options)
    {
        string path = Path.Combine(_folder, "program");
        Tools.Run(
            compiler,
            [
                .. options.Split(' '),
                "-std=c++17",
                "-w",
                "-o",
                path,
                Path.Combine(GdbComparison.Programs, "stacks.cc"),
                Path.Combine(GdbComparison.Programs, "cfi.s"),
            ],
            folder: _folder
        );
        return path;
    }
}
