using System.Reflection;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Tests.Builders.Guests;

/// <summary>The names that goldens have for registers: those of the properties of <see cref="X64Register"/>.</summary>
internal static class X64Names
{
    private static readonly Dictionary<Register, string> s_names = typeof(X64Register)
        .GetProperties(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(property => (Register)property.GetValue(null)!, property => property.Name);

    /// <summary>The name, such as "Rax" or "KernelGsBase".</summary>
    public static string Of(Register register) => s_names[register];
}
