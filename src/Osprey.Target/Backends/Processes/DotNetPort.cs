using System.Buffers.Binary;
using System.Net.Sockets;

namespace Osprey.Target.Backends.Processes;

/// <summary>The port that every .NET runtime has for diagnostic programs.</summary>
/// <remarks>
/// The protocol is that of the runtime's documentation (docs/design/diagnostics in dotnet/diagnostics, "IPC
/// protocol"): a header of 20 bytes with "DOTNET_IPC_V1", the size, a set and a number of the command; the answer has
/// the same form.
/// </remarks>
internal static class DotNetPort
{
    private const int HeaderSize = 20;
    private const byte ProcessCommands = 4;
    private const byte EnablePerfMap = 5;
    private const byte DisablePerfMap = 6;
    private const byte ServerCommands = 0xFF;
    private const uint MapOnly = 3;
    private const int MaxSockets = 1000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Has a runtime write its perf map, and end it.</summary>
    /// <returns>The reason why it did not; null when it did.</returns>
    public static string? TryWritePerfMap(ProcessTempFolder folder)
    {
        Span<byte> argument = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(argument, MapOnly);
        foreach (
            string path in Directory
                .EnumerateFiles(folder.Path, $"dotnet-diagnostic-{folder.InnerId}-*-socket")
                .Take(MaxSockets)
        )
        {
            try
            {
                return Send(path, EnablePerfMap, argument) && Send(path, DisablePerfMap, [])
                    ? null
                    : "its runtime does not write a perf map";
            }
            catch (SocketException left) when (left.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // A program that was killed and had the same number has left it.
            }
            catch (SocketException exception)
            {
                return $"its diagnostic port does not answer: {exception.Message}";
            }
        }

        return "it has no diagnostic port (DOTNET_EnableDiagnostics=0, or compiled ahead of time)";
    }

    private static bool Send(string path, byte command, ReadOnlySpan<byte> argument)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.SendTimeout = socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        socket.Connect(new UnixDomainSocketEndPoint(path));
        Span<byte> message = stackalloc byte[HeaderSize + argument.Length];
        message.Clear();
        "DOTNET_IPC_V1"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message[14..], (ushort)message.Length);
        message[16] = ProcessCommands;
        message[17] = command;
        argument.CopyTo(message[HeaderSize..]);
        socket.Send(message);

        Span<byte> answer = stackalloc byte[HeaderSize];
        int size = 0;
        while (size < HeaderSize)
        {
            int read = socket.Receive(answer[size..]);
            if (read == 0)
                return false;

            size += read;
        }

        return answer[16] == ServerCommands && answer[17] == 0;
    }
}
