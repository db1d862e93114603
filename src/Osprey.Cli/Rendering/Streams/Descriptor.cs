using System.Runtime.InteropServices;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>Writes to the streams that the process was started with, past .NET's console.</summary>
internal static partial class Descriptor
{
    /// <summary>The error of a pipe that nobody reads any more: EPIPE.</summary>
    public const int BrokenPipe = 32;

    private const int Interrupted = 4; // EINTR
    private const int WouldBlock = 11; // EAGAIN

    /// <summary>Writes all bytes, and waits for a reader that is slow.</summary>
    /// <param name="descriptor">Its number.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="maxWaits">The number of waits, of a millisecond each, after which it is given up.</param>
    /// <returns>0, or the number of the error that ended it.</returns>
    public static int Write(int descriptor, ReadOnlySpan<byte> bytes, int maxWaits = int.MaxValue)
    {
        int waits = 0;
        while (!bytes.IsEmpty)
        {
            nint written = WriteTo(descriptor, bytes, (nuint)bytes.Length);
            if (written > 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            int error = written == 0 ? WouldBlock : Marshal.GetLastPInvokeError();
            if (error is not (Interrupted or WouldBlock) || waits++ >= maxWaits)
                return error;

            if (error == WouldBlock)
                Thread.Sleep(1);
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(int descriptor, ReadOnlySpan<byte> buffer, nuint count);
}
