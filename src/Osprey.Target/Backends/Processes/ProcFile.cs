using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Osprey.Target.Backends.Processes;

// A command that looks for QEMUs reads a file of every process of the host. The readers of the class library bring
// buffers of several pages for each.

/// <summary>Reads the small files of /proc, whose sizes are not known before they are read.</summary>
internal static class ProcFile
{
    private const int UsualSize = 1024;

    /// <summary>Reads a file of UTF-8 text as far as a limit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxSize">The most bytes to read; what lies behind is left out.</param>
    /// <exception cref="IOException">There is no such file, or its process ended.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not for this user to see.</exception>
    public static string ReadText(string path, int maxSize = 1 << 20)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        Span<byte> bytes = stackalloc byte[UsualSize];
        int size = 0;
        while (true)
        {
            int count = RandomAccess.Read(file, bytes[size..], size);
            size += count;
            if (count == 0 || size >= maxSize)
                return Encoding.UTF8.GetString(bytes[..Math.Min(size, maxSize)]);

            if (size < bytes.Length)
                continue;

            byte[] larger = GC.AllocateUninitializedArray<byte>(bytes.Length * 4);
            bytes.CopyTo(larger);
            bytes = larger;
        }
    }
}
