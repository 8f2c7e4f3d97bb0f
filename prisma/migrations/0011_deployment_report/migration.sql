-- What a hook that needs more time than one answer says in the end.
ALTER TABLE "deployments" ADD COLUMN "reported" "DeploymentState";
