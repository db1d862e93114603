using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Osprey.GdbServer;

/// <summary>
/// The files of the guest's programs, handed to a debugger that asks for them over the connection (<c>vFile</c>): with
/// them it finds symbols by itself. No other file can be read, and none written.
/// </summary>
/// <param name="listFiles">Lists the files.</param>
internal sealed class ServedFiles(Func<IEnumerable<string>> listFiles) : IDisposable
{
    private const int MaxOpen = 256;
    private const int MaxRead = 0xf000;
    private const string Failure = "F-1,";
    private const int NoEntry = 2;
    private const int BadDescriptor = 9;
    private const int Invalid = 22;
    private const int TooMany = 24;

    private readonly Dictionary<int, SafeFileHandle> _open = [];
    private int _next = 1;

    /// <summary>Answers a request.</summary>
    /// <param name="request">What is behind <c>vFile:</c>.</param>
    /// <returns>The reply; empty for what is not known.</returns>
    public byte[] Answer(string request)
    {
        int colon = request.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? request : request[..colon];
        string[] words = colon < 0 ? [] : request[(colon + 1)..].Split(',');
        return name switch
        {
            "setfs" => "F0"u8.ToArray(),
            "open" when words.Length == 3 => Open(words[0], words[1]),
            "pread" when words.Length == 3 => Read(words),
            "fstat" when words.Length == 1 => State(words[0]),
            "close" when words.Length == 1 => Close(words[0]),
            "readlink" => Fail(Invalid),
            "open" or "pread" or "fstat" or "close" => Fail(Invalid),
            _ => [],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SafeFileHandle file in _open.Values)
            file.Dispose();

        _open.Clear();
    }

    private byte[] Open(string name, string flags)
    {
        if (!TryDecode(name, out string path) || !TryParse(flags, out ulong mode))
            return Fail(Invalid);

        if (mode != 0 || !listFiles().Contains(path))
            return Fail(NoEntry);

        if (_open.Count == MaxOpen)
            return Fail(TooMany);

        try
        {
            _open.Add(_next, File.OpenHandle(path));
            return Encoding.ASCII.GetBytes($"F{_next++:x}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fail(NoEntry);
        }
    }

    private byte[] Read(string[] words)
    {
        if (Find(words[0]) is not { } file)
            return Fail(BadDescriptor);

        if (!TryParse(words[1], out ulong count) || !TryParse(words[2], out ulong offset) || offset > long.MaxValue)
            return Fail(Invalid);

        byte[] bytes = new byte[Math.Min(count, MaxRead)];
        try
        {
            int read = RandomAccess.Read(file, bytes, (long)offset);
            return [.. Encoding.ASCII.GetBytes($"F{read:x};"), .. bytes.AsSpan(0, read)];
        }
        catch (IOException)
        {
            return Fail(Invalid);
        }
    }

    private byte[] State(string descriptor)
    {
        if (Find(descriptor) is not { } file)
            return Fail(BadDescriptor);

        // The protocol's own structure, big-endian: of its fields only the kind, the size and blocks count.
        byte[] state = new byte[64];
        long size = RandomAccess.GetLength(file);
        BinaryPrimitives.WriteUInt32BigEndian(state.AsSpan(8), 0x81a4); // a regular file, rw-r--r--
        BinaryPrimitives.WriteUInt32BigEndian(state.AsSpan(12), 1);
        BinaryPrimitives.WriteInt64BigEndian(state.AsSpan(28), size);
        BinaryPrimitives.WriteInt64BigEndian(state.AsSpan(36), 4096);
        BinaryPrimitives.WriteInt64BigEndian(state.AsSpan(44), (size + 511) / 512);
        return [.. Encoding.ASCII.GetBytes($"F{state.Length:x};"), .. state];
    }

    private byte[] Close(string descriptor)
    {
        if (!TryParse(descriptor, out ulong number) || !_open.Remove((int)number, out SafeFileHandle? file))
            return Fail(BadDescriptor);

        file.Dispose();
        return "F0"u8.ToArray();
    }

    private SafeFileHandle? Find(string descriptor) =>
        TryParse(descriptor, out ulong number) && number <= int.MaxValue ? _open.GetValueOrDefault((int)number) : null;

    private static bool TryParse(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static bool TryDecode(string text, out string path)
    {
        path = "";
        try
        {
            path = Encoding.UTF8.GetString(Convert.FromHexString(text));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static byte[] Fail(int error) =>
        Encoding.ASCII.GetBytes(Failure + error.ToString("x", CultureInfo.InvariantCulture));
}
