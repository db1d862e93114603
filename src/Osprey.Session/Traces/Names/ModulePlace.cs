using System.Globalization;

namespace Osprey.Session.Traces.Names;

/// <summary>An application's ELF file and where it was loaded, written <c>PATH@BASE</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Base">Run-time address of its first byte.</param>
internal readonly record struct ModulePlace(string Path, ulong Base)
{
    /// <summary>Reads <c>PATH@BASE</c>; the base is hexadecimal.</summary>
    /// <exception cref="FormatException">It is not that.</exception>
    public static ModulePlace Parse(string text)
    {
        int at = text.LastIndexOf('@');
        ReadOnlySpan<char> digits = text.AsSpan(at + 1);
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            digits = digits[2..];

        return
            at > 0
            && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
            ? new ModulePlace(text[..at], start)
            : throw new FormatException(
                $"'{text}' is not a file and its base address; expected PATH@BASE, such as app.so@0x100000000000"
            );
    }
}
