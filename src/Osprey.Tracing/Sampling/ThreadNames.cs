using System.Globalization;
using System.Runtime.InteropServices;

namespace Osprey.Tracing.Sampling;

/// <summary>The names of this process's threads, as the operating system has them.</summary>
internal sealed class ThreadNames
{
    private const int MostKept = 4096;
    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, (ulong Start, ulong End, long ReadAt)> _names = [];

    /// <summary>Lists the threads.</summary>
    /// <returns>Null when they can't be listed.</returns>
    public static List<int>? TryListThreads()
    {
        List<int> threads = [];
        try
        {
            foreach (string path in Directory.EnumerateDirectories("/proc/self/task"))
            {
                if (int.TryParse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture, out int thread))
                    threads.Add(thread);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return threads;
    }

    /// <summary>Gets a thread's name as a record has it; zeros when the thread ended before it was asked.</summary>
    public (ulong Start, ulong End) Get(int thread)
    {
        long now = Environment.TickCount64;
        bool known = _names.TryGetValue(thread, out (ulong Start, ulong End, long ReadAt) name);
        if (known && now - name.ReadAt < s_age.TotalMilliseconds)
            return (name.Start, name.End);

        if (_names.Count >= MostKept)
            _names.Clear();
        if (Read(thread) is { } read)
            name = (read.Start, read.End, now);
        else
            name.ReadAt = now; // it ended: the last name that it had is its name
        _names[thread] = name;
        return (name.Start, name.End);
    }

    private static (ulong Start, ulong End)? Read(int thread)
    {
        try
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{thread}/comm");
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
            Span<ulong> words = stackalloc ulong[2];
            words.Clear();
            // At most 15 characters, then an end of line, in whose place there is a zero.
            Span<byte> bytes = MemoryMarshal.AsBytes(words);
            int length = Math.Max(RandomAccess.Read(file, bytes, 0), 1);
            bytes[(length - 1)..].Clear();
            return (words[0], words[1]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
