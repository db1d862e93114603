using System.Globalization;
using Osprey.Target.Architectures;
using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Dap.Values;

/// <summary>The registers of a frame, as far as they are known.</summary>
internal sealed class RegisterVariables(RegisterSet registers, IVariableScope scope) : VariableGroup
{
    private readonly IReadOnlyList<Register> _known =
    [
        .. registers.Architecture.Registers.Where(register => registers[register] is not null),
    ];

    /// <inheritdoc/>
    public override int NamedCount => _known.Count;

    /// <inheritdoc/>
    public override IEnumerable<ChildValue> ListNamed(int start, int count)
    {
        foreach (Register register in _known.Skip(start).Take(count))
        {
            Value? value = scope.FindRegister(register.Name);
            yield return new ChildValue(register.Name, value)
            {
                Text = string.Create(CultureInfo.InvariantCulture, $"0x{registers[register]:x}"),
                Expression = "$" + register.Name,
            };
        }
    }
}
