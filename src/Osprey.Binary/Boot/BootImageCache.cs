namespace Osprey.Binary.Boot;

/// <summary>
/// Keeps the kernel that was unpacked last, as long as somebody uses it: symbols and types open the same file.
/// </summary>
internal static class BootImageCache
{
    private static readonly Lock s_lock = new();
    private static readonly WeakReference<byte[]> s_kernel = new([]);
    private static (string Path, long Size, DateTime Time) s_key;

    /// <summary>Unpacks a boot image, or returns what came out of it before.</summary>
    /// <param name="source">The boot image.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="BadDataException">It can't be unpacked.</exception>
    public static byte[] Unpack(ByteSource source, string path)
    {
        (string, long, DateTime) key = (Path.GetFullPath(path), source.Length, File.GetLastWriteTimeUtc(path));
        lock (s_lock)
        {
            if (s_key == key && s_kernel.TryGetTarget(out byte[]? known))
                return known;

            byte[] kernel = BootImage.Unpack(source);
            s_key = key;
            s_kernel.SetTarget(kernel);
            return kernel;
        }
    }
}
