namespace System.Runtime.CompilerServices;

/// <summary>Lets the compiler make records for frameworks that do not have this type.</summary>
internal static class IsExternalInit { }
