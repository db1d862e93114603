using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Osprey.Binary.Demangling;

/// <summary>Makes C++ symbol names (<c>_Z…</c>) readable, with the demangler of the system's libstdc++.</summary>
/// <remarks>
/// <c>addr2line -C</c> and <c>c++filt</c> use the same demangler, so the texts are the same. As those tools, it refuses
/// names of more than some thousand characters; they stay mangled. Thread-safe; results are kept.
/// </remarks>
public static unsafe class ItaniumDemangler
{
    private const string CxxLibrary = "libstdc++.so.6";
    private const string CLibrary = "libc.so.6";

    private static readonly Lazy<Functions> s_functions = new(Load);
    private static readonly ConcurrentDictionary<string, string> s_known = new(StringComparer.Ordinal);

    /// <summary>True when names can be demangled on this machine.</summary>
    public static bool IsAvailable => s_functions.Value.Demangle != null;

    /// <summary>A message to the user when names can't be demangled; null when they can.</summary>
    public static string? Problem =>
        IsAvailable ? null : $"C++ names stay mangled: {CxxLibrary} was not found (install libstdc++6)";

    /// <summary>
    /// Returns the readable form of <paramref name="name"/>, or the name itself when it is not a mangled one.
    /// </summary>
    public static string Demangle(string name)
    {
        if (!IsMangled(name))
            return name;

        if (s_known.TryGetValue(name, out string? known))
            return known;

        string readable = Call(name) ?? name;
        s_known.TryAdd(name, readable);
        return readable;
    }

    private static bool IsMangled(string name) =>
        name.StartsWith("_Z", StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal);

    private static string? Call(string name)
    {
        Functions functions = s_functions.Value;
        if (functions.Demangle == null)
            return null;

        int size = Encoding.UTF8.GetMaxByteCount(name.Length) + 1;
        Span<byte> bytes = size <= 1024 ? stackalloc byte[size] : new byte[size];
        int length = Encoding.UTF8.GetBytes(name, bytes);
        bytes[length] = 0;
        fixed (byte* mangled = bytes)
        {
            int status;
            byte* text = functions.Demangle(mangled, null, null, &status);
            if (text == null)
                return null;

            try
            {
                return status == 0
                    ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text))
                    : null;
            }
            finally
            {
                functions.Free(text);
            }
        }
    }

    private static Functions Load()
    {
        bool found = NativeLibrary.TryLoad(CxxLibrary, out IntPtr cxx) & NativeLibrary.TryLoad(CLibrary, out IntPtr c);
        return
            found
            && NativeLibrary.TryGetExport(cxx, "__cxa_demangle", out IntPtr demangle)
            && NativeLibrary.TryGetExport(c, "free", out IntPtr free)
            ? new Functions(demangle, free)
            : new Functions(IntPtr.Zero, IntPtr.Zero);
    }

    private sealed class Functions(IntPtr demangle, IntPtr free)
    {
        public readonly delegate* unmanaged<byte*, byte*, nuint*, int*, byte*> Demangle = (delegate* unmanaged<
            byte*,
            byte*,
            nuint*,
            int*,
            byte*>)demangle;

        public readonly delegate* unmanaged<void*, void> Free = (delegate* unmanaged<void*, void>)free;
    }
}
