using Osprey.Target.Unwinding;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Unwinding;

/// <summary>
/// Programs without <c>.eh_frame</c>, whose call frame information is in <c>.debug_frame</c> and was split off.
/// </summary>
public sealed class SeparateFrameTests : IDisposable
{
    private const string Source = """
        #include <string.h>
        volatile int sink;
        __attribute__((noinline)) void stop_here(void) { sink++; }
        __attribute__((noinline)) static int leaf(int a, char *room) { room[a] = 1; stop_here(); return room[0] + a; }
        __attribute__((noinline)) static int down(int depth)
        {
            char room[200 + 16 * 3];
            memset(room, depth, sizeof room);
            int below = depth > 0 ? down(depth - 1) : leaf(depth, room);
            return below + room[depth + 1] + sink;
        }
        int main(int count, char **arguments) { return down(count + 5) == 7; }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("gcc", "gdb", "objcopy", "strip")]
    [InlineData("-O2 -no-pie -Wl,--build-id", false)]
    [InlineData("-O1 -pie -Wl,--build-id=none", false)]
    [InlineData("-O2 -no-pie -gdwarf-4 -gz", false)]
    [InlineData("-O2 -no-pie -Wl,--build-id=0x0123456789abcdef", true)]
    public void StrippedProgram_DebugFile_GivesTheFramesOfGdb(string options, bool wasMoved)
    {
        string program = Build("program", options);
        string debug = wasMoved ? Build("elsewhere", $"{options} -Wl,-Ttext-segment=0x700000") : program;
        string bare = Path.Combine(_folder, "bare");
        Tools.Run("objcopy", ["--only-keep-debug", debug, bare + ".debug"]);
        Tools.Run("strip", ["-o", bare, program]);
        Tools.Run("objcopy", ["--add-gnu-debuglink", "bare.debug", bare], folder: _folder);
        var comparison = new GdbComparison(_folder, program);
        comparison.Run(["all"], 0);

        Backtrace trace = comparison.CompareCore("all", bare);

        Assert.Equal(BacktraceEndKind.Outermost, trace.End.Kind);
        Assert.DoesNotContain(trace.Frames, frame => frame.Origin == FrameOrigin.FramePointer);
        Assert.InRange(comparison.FrameCount, 10, 20);
    }

    private string Build(string name, string options)
    {
        string source = Path.Combine(_folder, "program.c");
        string path = Path.Combine(_folder, name);
        File.WriteAllText(source, Source);
        Tools.Run(
            "gcc",
            [
                .. options.Split(' '),
                "-g",
                "-fno-asynchronous-unwind-tables",
                "-fno-unwind-tables",
                "-fno-exceptions",
                "-fomit-frame-pointer",
                "-o",
                path,
                source,
            ],
            folder: _folder
        );
        return path;
    }
}
