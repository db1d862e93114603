using Osprey.Target.Architectures.X64;
using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Guests;

/// <summary>The registers of the vCPU that was chosen, without any variables.</summary>
internal sealed class CpuScope(GuestSession session) : IVariableScope
{
    public Value? FindVariable(string name) => null;

    public bool TryReadRegister(X64Register register, out ulong value)
    {
        value = 0;
        return session.TryReadSelectedRegisters()?.TryGet(register, out value) == true;
    }
}
