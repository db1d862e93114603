using System.Text.Json;
using Osprey.Binary;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Target.Backends.Qemu.Live;

namespace Osprey.Tests.Target.Backends.Qemu;

/// <summary>
/// A live guest whose QEMU answers nonsense. The process is this one, so that there is memory to read.
/// </summary>
[Trait("Category", "Slow")]
public sealed class HostileQmpTests : IDisposable
{
    private const string Alphabet = "0123456789abcdefxMi@():,=-\" \r\n\\{}[]\u00e9";

    private static readonly string s_tree = MonitorTexts.Read("mtree-7.2-q35-4g.txt");
    private static readonly string s_registers = MonitorTexts.Read("registers-7.2-seabios.txt");

    private readonly byte[] _memory = GC.AllocateArray<byte>(1 << 20, pinned: true);
    private readonly AnsweringQmp _qmp = new();
    private readonly QemuProcess _process;

    public HostileQmpTests() => _process = OwnProcess.AsQemu("-m", "1M", "-qmp", $"unix:{_qmp.Path}");

    public void Dispose() => _qmp.Dispose();

    [Fact]
    public void Attach_SoundAnswers_GivesTheGuest()
    {
        _qmp.Answer = Say;
        _memory[16] = 0x5a;
        using QemuTarget target = QemuTarget.Attach(_process);
        byte[] found = new byte[1];

        Assert.Equal((2, 4UL << 30, TargetAccess.Live), (target.CpuCount, target.RamSize, target.Access));
        Assert.Equal((1, 0x5a), (target.Memory.Read(new PhysicalAddress(16), found), found[0]));
        Assert.NotNull(target.ReadRegisters(1)[Osprey.Target.Architectures.X64.X64Register.Rip]);
        using (target.Pause())
            Assert.Equal(TargetAccess.Paused, target.Access);
    }

    [Theory]
    [InlineData("stop", "the guest can't be paused: QEMU refused stop: no")]
    [InlineData("cont", "the guest was paused and can't be resumed: QEMU refused cont: no")]
    public void Pause_Refused_SaysWhat(string refused, string message)
    {
        _qmp.Answer = line =>
            line.Contains($"\"{refused}\"", StringComparison.Ordinal)
                ? """{"error": {"class": "GenericError", "desc": "no"}}""" + "\n"
                : Say(line);
        using QemuTarget target = QemuTarget.Attach(_process);

        Assert.Equal(message, Assert.Throws<TargetException>(() => target.Pause().Dispose()).Message);
    }

    [Fact]
    public void Attach_MutatedAnswers_EndWithOnlyOurOwnErrors()
    {
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            var random = new Random(round);
            int countdown = random.Next(12);
            bool isText = random.Next(3) > 0;
            _qmp.Answer = line =>
            {
                string answer = Say(line);
                if (--countdown != 0)
                    return answer;

                // What can't be an answer any more would be waited for, so the connection ends behind it.
                return isText && Find(line) is { } text
                    ? Return(JsonSerializer.Serialize(Mutate(text, random)))
                    : Mutate(answer, random).TrimEnd('\n');
            };
            try
            {
                Use();
            }
            catch (Exception exception) when (exception is TargetException or BadDataException)
            {
                refused++;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"round {round}", exception);
            }
        }

        Assert.InRange(refused, 100, 2900);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"running\": {}, \"status\": \"\\ud800\", \"base-memory\": \"x\", \"plugged-memory\": -1}")]
    [InlineData("{\"running\": 1, \"base-memory\": 1e400, \"plugged-memory\": []}")]
    public void Attach_AnswersOfAnotherShape_AreNotAnswers(string value)
    {
        _qmp.Answer = line => line.Length == 0 ? FakeQmp.Greeting : Return(value);
        using QemuTarget target = QemuTarget.Attach(_process);

        Assert.Empty(target.Memory.Blocks);
        Assert.Equal(1UL << 20, target.RamSize);
    }

    /// <summary>What the commands do with a live guest.</summary>
    private void Use()
    {
        using QemuTarget target = QemuTarget.Attach(_process);
        byte[] buffer = new byte[256];
        foreach (MemoryBlock block in target.Memory.Blocks)
        {
            Assert.InRange(target.Memory.Read(block.Start, buffer), 0, buffer.Length);
            Assert.InRange(
                target.Memory.Read(new PhysicalAddress(block.Start.Value + (block.Size - 1)), buffer),
                0,
                buffer.Length
            );
        }

        using (target.Pause())
        {
            for (int cpu = 0; cpu < target.CpuCount; cpu++)
                target.ReadRegisters(cpu);
        }

        using GuestSession session = GuestSession.Over(target, new GuestSettings());
        Assert.NotEmpty(session.Selected.SpaceDescription);
        Assert.NotEmpty(session.Description);
    }

    private string Say(string line)
    {
        if (line.Length == 0)
            return FakeQmp.Greeting;

        if (Find(line) is { } text)
            return Return(JsonSerializer.Serialize(text));

        return line.Contains("query-status", StringComparison.Ordinal)
                ? Return("""{"status": "running", "running": true, "singlestep": false}""")
            : line.Contains("query-cpus-fast", StringComparison.Ordinal)
                ? Return("""[{"cpu-index": 0, "thread-id": 7}, {"cpu-index": 1, "thread-id": 8}]""")
            : line.Contains("query-memory-size-summary", StringComparison.Ordinal)
                ? Return("""{"base-memory": 3221225472, "plugged-memory": 1073741824}""")
            : FakeQmp.Done;
    }

    /// <summary>The monitor's text that a line asks for; null when it asks for none.</summary>
    private string? Find(string line)
    {
        if (line.Contains("info mtree", StringComparison.Ordinal))
            return s_tree;

        if (line.Contains("info registers", StringComparison.Ordinal))
            return s_registers;

        return line.Contains("gpa2hva", StringComparison.Ordinal)
            ? $"Host virtual address for 0x0 (ram) is 0x{GetAddress():x}\r\n"
            : null;
    }

    private ulong GetAddress() =>
        (ulong)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);

    private static string Return(string value) => $"{{\"return\": {value}}}\r\n";

    private static string Mutate(string text, Random random)
    {
        var characters = new List<char>(text);
        for (int change = random.Next(1, 6); change > 0 && characters.Count > 1; change--)
        {
            int at = random.Next(characters.Count);
            switch (random.Next(4))
            {
                case 0:
                    characters[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                case 1:
                    characters.RemoveRange(at, Math.Min(random.Next(1, 40), characters.Count - at - 1));
                    break;
                case 2 when characters.Count < 1 << 20:
                    characters.InsertRange(
                        at,
                        characters.GetRange(at, Math.Min(random.Next(1, 200), characters.Count - at))
                    );
                    break;
                default:
                    for (int i = at; i < Math.Min(at + 16, characters.Count); i++)
                        characters[i] = char.IsAsciiHexDigit(characters[i]) ? 'f' : characters[i];

                    break;
            }
        }

        return new string([.. characters]);
    }
}
