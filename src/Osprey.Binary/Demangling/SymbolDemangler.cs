namespace Osprey.Binary.Demangling;

/// <summary>Turns the names that compilers give to symbols into the names that programmers wrote.</summary>
/// <remarks>
/// C++ names (<c>_Z…</c>) go through the system's libstdc++, Rust's two forms (<c>_R…</c>, and <c>_ZN…17h…E</c>) are
/// read here. Thread-safe.
/// </remarks>
public static class SymbolDemangler
{
    /// <summary>
    /// The readable form of <paramref name="name"/>, or the name itself when it is not a mangled one.
    /// </summary>
    public static string Demangle(string name)
    {
        if (name.StartsWith("_R", StringComparison.Ordinal))
            return RustV0Demangler.TryDemangle(name) ?? name;

        if (name.StartsWith("_ZN", StringComparison.Ordinal) && RustLegacyDemangler.TryDemangle(name) is { } rust)
            return rust;

        return ItaniumDemangler.Demangle(name);
    }
}
