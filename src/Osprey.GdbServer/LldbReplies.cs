using System.Buffers;
using System.Text.Json;
using Osprey.Debug;

namespace Osprey.GdbServer;

/// <summary>Replies to what lldb alone asks for.</summary>
internal static class LldbReplies
{
    /// <summary>
    /// The machine. With a system in it, lldb would look for that system's loader, and know no place of the kernel's
    /// file; with a process number, it would take a process of its own host for the guest.
    /// </summary>
    public static string Host { get; } =
        $"triple:{Convert.ToHexStringLower("x86_64-unknown-unknown"u8)};ptrsize:8;endian:little;";

    /// <summary>Lists threads with their names, as the reply to <c>jThreadsInfo</c>.</summary>
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
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
