using Microsoft.CodeAnalysis;

namespace Osprey.Tracing.Analyzers;

/// <summary>The character that stands for a type in a tracepoint's signature, as the library gives it.</summary>
internal static class TypeLetter
{
    /// <summary>Gets the character; null for a type that no argument has.</summary>
    public static char? Of(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { EnumUnderlyingType: { } underlying })
            return Of(underlying);

        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte })
            return '*';

        if (type is INamedTypeSymbol { Name: "ReadOnlySpan" or "ReadOnlyMemory", TypeArguments.Length: 1 } named)
        {
            ITypeSymbol element = named.TypeArguments[0];
            return (named.Name, element.SpecialType) switch
            {
                ("ReadOnlySpan", SpecialType.System_Char) => 'p',
                (_, SpecialType.System_Byte) => '*',
                _ => null,
            };
        }

        return type.SpecialType switch
        {
            SpecialType.System_String => 'p',
            SpecialType.System_IntPtr or SpecialType.System_UIntPtr => 'P',
            SpecialType.System_Boolean => '?',
            SpecialType.System_Char => 'c',
            SpecialType.System_SByte => 'b',
            SpecialType.System_Byte => 'B',
            SpecialType.System_Int16 => 'h',
            SpecialType.System_UInt16 => 'H',
            SpecialType.System_Int32 => 'i',
            SpecialType.System_UInt32 => 'I',
            SpecialType.System_Int64 => 'q',
            SpecialType.System_UInt64 => 'Q',
            SpecialType.System_Single => 'f',
            SpecialType.System_Double => 'd',
            _ => null,
        };
    }
}
