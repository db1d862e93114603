using System.Buffers.Binary;
using System.Net.Sockets;

namespace Osprey.Tracing.Dumps;

/// <summary>The runtime's own port for diagnostics, which this process asks about itself.</summary>
/// <remarks>
/// The protocol is that of the runtime's documentation (docs/design/features/diagnostic... "IPC protocol"): a header
/// of 20 bytes with "DOTNET_IPC_V1", the size, a set and a number of the command; the answer has the same form.
/// </remarks>
internal static class DiagnosticPort
{
    private const int HeaderSize = 20;
    private const byte ProcessCommands = 4;
    private const byte EnablePerfMap = 5;
    private const byte DisablePerfMap = 6;
    private const byte ServerCommands = 0xFF;
    private const uint MapOnly = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Has the runtime write the names of all code that it has compiled to <c>perf-PID.map</c> in the folder for
    /// temporary files, and of what it compiles from then on.
    /// </summary>
    /// <returns>False when the runtime has no port, or does not know the command.</returns>
    public static bool TryEnablePerfMap()
    {
        Span<byte> argument = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(argument, MapOnly);
        return TrySend(EnablePerfMap, argument);
    }

    /// <summary>Ends what <see cref="TryEnablePerfMap"/> began, which completes the file.</summary>
    public static bool TryDisablePerfMap() => TrySend(DisablePerfMap, []);

    private static bool TrySend(byte command, ReadOnlySpan<byte> argument)
    {
        foreach (string path in FindSockets())
        {
            try
            {
                return Send(path, command, argument);
            }
            catch (SocketException left) when (left.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // A program that was killed and had the same number has left it.
            }
            catch (SocketException)
            {
                return false;
            }
        }

        return false;
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

    private static string[] FindSockets()
    {
        try
        {
            return Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-*-socket");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
