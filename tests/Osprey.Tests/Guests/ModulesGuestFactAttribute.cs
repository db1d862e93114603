namespace Osprey.Tests.Guests;

/// <summary>
/// A test that boots a Linux guest with modules; skipped, with the reason, where something for that is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ModulesGuestFactAttribute : FactAttribute
{
    public ModulesGuestFactAttribute() =>
        Skip =
            LinuxGuestImage.DescribeMissing()
            ?? (
                LinuxGuestImage.ListModules().Count > 0
                    ? null
                    : "the kernel's modules are missing: run tests/linux-guest/install"
            );
}
