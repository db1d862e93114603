using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Osprey.Debug;
using Osprey.Target.Architectures.X64;

namespace Osprey.GdbServer;

/// <summary>Replies to what lldb alone asks for.</summary>
internal static class LldbReplies
{
    private static readonly int[] s_wanted =
    [
        .. ServedRegisters
            .All.Index()
            .Where(one =>
                one.Item.Source is { } source
                && (source == X64Register.Rip || source == X64Register.Rsp || source == X64Register.Rbp)
            )
            .Select(one => one.Index),
    ];

    /// <summary>
    /// The machine. With a system in it, lldb would look for that system's loader, and know no place of the kernel's
    /// file; with a process number, it would take a process of its own host for the guest.
    /// </summary>
    public static string Host { get; } =
        $"triple:{Convert.ToHexStringLower("x86_64-unknown-unknown"u8)};ptrsize:8;endian:little;";

    /// <summary>
    /// Lists threads with their names and the registers that lldb wants of every thread at each stop, as the reply to
    /// <c>jThreadsInfo</c>. Those that are not among them it asks for one by one.
    /// </summary>
    /// <param name="threads">The threads, the one that stopped first.</param>
    /// <param name="describe">Gives a thread's state in words.</param>
    public static byte[] ListThreads(IReadOnlyList<DebugThread> threads, Func<DebugThread, string> describe)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (DebugThread thread in threads)
            {
                json.WriteStartObject();
                json.WriteNumber("tid", thread.Number);
                json.WriteString("name", $"{thread.Name} ({describe(thread)})");
                WriteRegisters(json, thread);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteRegisters(Utf8JsonWriter json, DebugThread thread)
    {
        if (thread.ReadRegisters() is not { } registers)
            return;

        json.WriteStartObject("registers");
        foreach (int number in s_wanted)
        {
            byte[]? value = ServedRegisters.WriteOne(registers, _ => null, (ulong)number);
            if (value is not (null or [(byte)'x', ..]))
                json.WriteString(number.ToString(CultureInfo.InvariantCulture), value);
        }

        json.WriteEndObject();
    }
}
