using Osprey.Target.Architectures.X64;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Names of registers as gdb spells them.</summary>
internal static class RegisterName
{
    /// <summary>The name, such as "rax", "eflags" or "fs_base".</summary>
    public static string Of(X64Register register) =>
        register switch
        {
            X64Register.Rflags => "eflags",
            X64Register.FsBase => "fs_base",
            X64Register.GsBase => "gs_base",
            X64Register.KernelGsBase => "k_gs_base",
            _ => register.ToString().ToLowerInvariant(),
        };
}
