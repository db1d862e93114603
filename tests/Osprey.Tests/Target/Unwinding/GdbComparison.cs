using System.Buffers.Binary;
using System.Globalization;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Unwinding;

/// <summary>Runs a program under gdb and compares the stacks that gdb saw with ours.</summary>
internal sealed class GdbComparison(string folder, string program)
{
    public static string Programs { get; } =
        Path.Combine(Tools.Programs, "..", "..", "..", "Target", "Unwinding", "Programs");

    /// <summary>How many frames were compared.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Runs the program in each mode, and then step by step in the first one.</summary>
    public void Run(string[] modes, int steps)
    {
        string script = File.ReadAllText(Path.Combine(Programs, "frames.py"))
            .Replace("@FOLDER@", folder, StringComparison.Ordinal)
            .Replace("@MODES@", string.Join(' ', modes), StringComparison.Ordinal)
            .Replace("@STEPS@", steps.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        string path = Path.Combine(folder, "frames.py");
        File.WriteAllText(path, script);
        Tools.Run("gdb", ["-nx", "-batch", "-x", path, program], folder: folder);
    }

    /// <summary>Compares the stack of a core file.</summary>
    /// <param name="mode">The mode that the program was in.</param>
    /// <param name="bareProgram">
    /// A copy of the program without call frame information, for us only; null to use the same.
    /// </param>
    public Backtrace CompareCore(string mode, string? bareProgram = null)
    {
        using var core = new LinuxCore(
            Path.Combine(folder, mode + ".core"),
            path => path == program ? bareProgram ?? path : path
        );
        GdbFrame[] expected = [.. File.ReadLines(Path.Combine(folder, mode + ".frames")).Select(GdbFrame.Parse)];
        Backtrace actual = new Unwinder(core.Modules, core).Unwind(core.Registers);
        Compare(mode, expected, actual);
        return actual;
    }

    /// <summary>Compares the stacks of single steps, with the modules of a core file of the same run.</summary>
    public int CompareSteps(string mode)
    {
        using var core = new LinuxCore(Path.Combine(folder, mode + ".core"), path => path);
        string[] lines = File.ReadAllLines(Path.Combine(folder, "steps"));
        int steps = 0;
        for (int line = 0; line < lines.Length; )
        {
            var registers = new RegisterSet(X64Architecture.Instance);
            foreach (string pair in lines[line++][2..].Split(' '))
            {
                string[] parts = pair.Split('=');
                Register register = X64Architecture.Instance.FindRegister(parts[0])!;
                registers[register] = ulong.Parse(parts[1], NumberStyles.HexNumber);
            }

            string[] memory = lines[line++].Split(' ');
            var snapshot = new SnapshotMemory(core);
            snapshot.Add(ulong.Parse(memory[1], NumberStyles.HexNumber), Convert.FromHexString(memory[2]));
            var expected = new List<GdbFrame>();
            for (; line < lines.Length && !lines[line].StartsWith("S ", StringComparison.Ordinal); line++)
                expected.Add(GdbFrame.Parse(lines[line]));

            Compare(
                $"step {steps} at 0x{registers[X64Register.Rip]:x}",
                expected,
                new Unwinder(core.Modules, snapshot).Unwind(registers)
            );
            steps++;
        }

        return steps;
    }

    /// <summary>
    /// Unwinds a core file's stack with words of it changed, and counts how often it came out shorter or longer.
    /// </summary>
    public int UnwindChanged(string mode, int rounds)
    {
        using var core = new LinuxCore(Path.Combine(folder, mode + ".core"), path => path);
        ulong sp = core.Registers[X64Register.Rsp]!.Value;
        Backtrace whole = new Unwinder(core.Modules, core).Unwind(core.Registers);
        byte[] stack = new byte[4096];
        int size = core.Read(sp, stack);
        var random = new Random(23);
        int changed = 0;
        for (int round = 0; round < rounds; round++)
        {
            byte[] copy = stack[..size];
            for (int words = random.Next(1, 8); words > 0; words--)
            {
                ulong value = random.Next(3) switch
                {
                    0 => whole.Frames[random.Next(whole.Frames.Count)].Address.Value,
                    1 => sp + ((ulong)random.Next(size / 8) * 8),
                    _ => unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
                };
                BinaryPrimitives.WriteUInt64LittleEndian(copy.AsSpan(random.Next(size / 8) * 8), value);
            }

            var memory = new SnapshotMemory(core);
            memory.Add(sp, copy);
            Backtrace trace = new Unwinder(core.Modules, memory, new UnwinderOptions { MaxFrames = 1000 }).Unwind(
                core.Registers
            );
            Assert.InRange(trace.Frames.Count, 1, 1000);
            changed += trace.Frames.Count == whole.Frames.Count ? 0 : 1;
        }

        return changed;
    }

    private void Compare(string what, IReadOnlyList<GdbFrame> expected, Backtrace actual)
    {
        string all =
            $"{what}\ngdb:\n{string.Join('\n', expected.TakeLast(8).Select(Describe))}\nours:\n"
            + $"{string.Join('\n', actual.Frames.TakeLast(8).Select(Describe))}"
            + $"\n{actual.End}\n{string.Join('\n', actual.Notes)}";
        Assert.True(expected.Count == actual.Frames.Count, all);
        for (int i = 0; i < expected.Count; i++)
        {
            StackFrame frame = actual.Frames[i];
            FrameCount++;
            Assert.True(expected[i].Pc == frame.Address.Value, $"frame {i}: pc\n{all}");
            if (frame.CanonicalFrameAddress is { } cfa && expected[i].Cfa is { } known)
                Assert.True(known == cfa, $"frame {i}: cfa\n{all}");

            for (int r = 0; r < GdbFrame.Order.Count; r++)
            {
                ulong? value = frame.Registers[GdbFrame.Order[r]];
                Assert.True(
                    value is null || expected[i].Registers[r] is null || value == expected[i].Registers[r],
                    $"frame {i}: {GdbFrame.Order[r]}\n{all}"
                );
                Assert.True(
                    value is not null || frame.Origin is not FrameOrigin.CallFrameInformation || actual.Notes.Count > 0,
                    $"frame {i}: {GdbFrame.Order[r]} is not known\n{all}"
                );
            }
        }
    }

    private static string Describe(GdbFrame frame) =>
        $"{frame.Pc:x} {frame.Cfa:x} "
        + $"{string.Join(' ', frame.Registers.Select(value => value is null ? "?" : $"{value:x}"))}";

    private static string Describe(StackFrame frame) =>
        $"{frame.Address.Value:x} {frame.CanonicalFrameAddress:x} "
        + string.Join(
            ' ',
            GdbFrame.Order.Select(register => frame.Registers[register] is { } value ? $"{value:x}" : "?")
        )
        + $" {frame.Origin}";
}
