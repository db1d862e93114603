using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Osprey.TracepointBenchmark;

/// <summary>
/// Listens to the events of another process as dotnet-trace does: an EventPipe session over the runtime's diagnostic
/// port, whose bytes are thrown away.
/// </summary>
internal static class EventPipeReader
{
    private const int HeaderSize = 20;
    private const byte TracingCommands = 2;
    private const byte CollectTracing2 = 3;
    private const byte ServerCommands = 0xFF;

    /// <summary>Says "ready" once the session has begun; ends with the process, or when it is ended.</summary>
    public static int Run(string processId)
    {
        string path = Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{processId}-*-socket").First();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        socket.Send(MakeRequest("Osprey-Benchmark"));

        byte[] buffer = new byte[1 << 20];
        int size = 0;
        while (size < HeaderSize + sizeof(ulong))
        {
            int read = socket.Receive(buffer, size, HeaderSize + sizeof(ulong) - size, SocketFlags.None);
            if (read == 0 || (size + read > 17 && (buffer[16] != ServerCommands || buffer[17] != 0)))
                return 1;
            size += read;
        }

        Console.WriteLine("ready");
        while (socket.Receive(buffer) != 0) { }
        return 0;
    }

    private static byte[] MakeRequest(string provider)
    {
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload, Encoding.Unicode))
        {
            writer.Write(256u); // MB of buffers, dotnet-trace's default
            writer.Write(1u); // the format: nettrace
            writer.Write((byte)0); // no rundown
            writer.Write(1u); // providers
            writer.Write(ulong.MaxValue); // keywords
            writer.Write(5u); // level: verbose
            writer.Write((uint)provider.Length + 1);
            writer.Write((provider + '\0').ToCharArray());
            writer.Write(0u); // no arguments
        }

        byte[] body = payload.ToArray();
        byte[] message = new byte[HeaderSize + body.Length];
        "DOTNET_IPC_V1"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = TracingCommands;
        message[17] = CollectTracing2;
        body.CopyTo(message, HeaderSize);
        return message;
    }
}
