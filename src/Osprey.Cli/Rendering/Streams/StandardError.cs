using System.Runtime.InteropServices;
using System.Text;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>The process's standard error.</summary>
/// <remarks>
/// A message that can't be written is lost, and nothing else may come of that: the command goes on, and a guest is left
/// as it was found. .NET's own console would throw, and would switch the keypad of a terminal.
/// </remarks>
internal static partial class StandardError
{
    private const int Descriptor = 2;
    private const int Interrupted = 4; // EINTR
    private const int WouldBlock = 11; // EAGAIN
    private const int MaxWaits = 1000;

    /// <summary>Writes a line.</summary>
    public static void WriteLine(string line) => Write(line + "\n");

    /// <summary>Writes text.</summary>
    public static void Write(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        int waits = 0;
        while (!bytes.IsEmpty)
        {
            nint written = WriteTo(Descriptor, bytes, (nuint)bytes.Length);
            if (written > 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            switch (written < 0 ? Marshal.GetLastPInvokeError() : Interrupted)
            {
                case Interrupted when waits++ < MaxWaits:
                    break;
                case WouldBlock when waits++ < MaxWaits:
                    Thread.Sleep(1);
                    break;
                default:
                    return;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(int descriptor, ReadOnlySpan<byte> buffer, nuint count);
}
